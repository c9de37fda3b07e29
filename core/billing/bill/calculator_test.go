package bill_test

import (
	"errors"
	"testing"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/tariff"
	"okoshko/core/fault"
)

func TestCalculator(t *testing.T) {
	t.Parallel()
	c := bill.Calculator{Pricer: pricer, On: date(t, "2026-11-27"), Consumer: charge.Consumer{
		Group: tariff.Electric, Stove: tariff.ElectricStove, Rooms: 2, Residents: 3,
	}}
	got, err := c.ByReadings(bill.Values{Zone: billing.ZoneDay, Before: 12000, After: 12210}, bill.Values{Zone: billing.ZoneNight, Before: 5000, After: 5095})
	if err != nil || got.Sum.String() != "1604.60" || got.KWh != 305 || got.Version.Act.Number != "120-э" || len(got.Lines) != 2 {
		t.Errorf("by readings: %+v, %v", got, err)
	}
	if got, err := c.ByReadings(bill.Values{Zone: billing.ZoneSingle, Before: 2, After: 1}); !errors.Is(err, charge.ErrVolume) {
		t.Errorf("lower: %+v, %v", got, err)
	}
	// 3 × 86 kWh × 5.57.
	if got, err := c.ByNorm(); err != nil || got.Sum.String() != "1437.06" || got.Norm.PerPerson != 86 || got.Residents != 3 {
		t.Errorf("by norm: %+v, %v", got, err)
	}
	// A day stands for its month: the limits are those of a whole one.
	if got, err := c.ByKWh(charge.Volume{Zone: billing.ZoneSingle, KWh: 4500}); err != nil || got.Sum.String() != "27339.00" || len(got.Lines) != 2 {
		t.Errorf("by kWh: %+v, %v", got, err)
	}
	c.Consumer.Group = tariff.Equated
	if got, err := c.ByKWh(charge.Volume{Zone: billing.ZoneSingle, KWh: 100}); err != nil || got.Sum.String() != "619.00" {
		t.Errorf("a garage: %+v, %v", got, err)
	}
	c.On = date(t, "2023-01-01")
	if _, err := c.ByKWh(); !errors.Is(err, tariff.ErrNoTariff) {
		t.Errorf("before the archive: %v", err)
	}
}

func TestServices(t *testing.T) {
	t.Parallel()
	c := bill.Calculator{Pricer: pricer, On: date(t, "2026-11-27")}
	if o, err := c.ByService("У-08", 4); err != nil || o.Sum != 2600_00 {
		t.Errorf("four points: %+v, %v", o, err)
	}
	for _, n := range []int{0, -1, 1001} {
		if _, err := c.ByService("У-08", n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d times: %v", n, err)
		}
	}
	if _, err := c.ByService("У-99", 1); !errors.Is(err, tariff.ErrNoService) {
		t.Errorf("no service: %v", err)
	}
}

func TestNight(t *testing.T) {
	t.Parallel()
	c := bill.Calculator{Pricer: pricer, On: date(t, "2026-11-27"), Consumer: charge.Consumer{Group: tariff.City}}
	// 300 × 6.19 = 1857.00; 200 × 6.81 + 100 × 3.71 = 1733.00.
	o, err := c.Night(200, 100, 1450_00)
	if err != nil || o.Saves.String() != "124.00" || o.BreakEven != 200 || o.PaysBack != 12 {
		t.Errorf("a third at night: %+v, %v", o, err)
	}
	if o, err := c.Night(290, 10, 1450_00); err != nil || o.Saves >= 0 || o.PaysBack != 0 {
		t.Errorf("hardly anything at night: %+v, %v", o, err)
	}
	if o, err := c.Night(80, 20, 0); err != nil || o.Saves != 0 {
		t.Errorf("at the break-even: %+v, %v", o, err)
	}
	if _, err := c.Night(-1, 0, 0); !errors.Is(err, charge.ErrVolume) {
		t.Errorf("negative: %v", err)
	}
}
