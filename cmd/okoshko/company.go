package main

import (
	"okoshko/core/billing/bill"
	"okoshko/core/billing/payqr"
	"okoshko/dialogs/questions/figures"
)

// Figures returns what answers tell of the supplier.
func (c CompanyConfig) Figures() figures.Company {
	return figures.Company{
		Brand: byLanguage(c.Brand), Hours: byLanguage(c.Hours), Phone: c.Phone, Site: c.Site,
		Payee: payqr.Payee{
			Name: c.Name.RU, Account: c.Payee.Account, Bank: c.Payee.Bank, BIC: c.Payee.BIC, Corresp: c.Payee.Corresp,
			INN: c.Payee.INN, KPP: c.Payee.KPP,
		},
		MailPersonalData: c.MailPersonalData, MailBusiness: c.MailBusiness,
		KeepDialogs: c.KeepDialogs, KeepAppeals: c.KeepAppeals,
	}
}

// Supplier returns what bills tell of the supplier; they are in Russian.
func (c CompanyConfig) Supplier() bill.Supplier {
	return bill.Supplier{Payee: c.Figures().Payee, Phone: c.Phone, Hours: c.Hours.RU, Site: c.Site, Email: c.Mail}
}
