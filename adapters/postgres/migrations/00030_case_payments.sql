-- +goose Up

-- A payment is for the bill of an account or for the service that a case orders.
-- The number outlives the case: money that came is kept as long as the law asks.
ALTER TABLE payment_orders ALTER COLUMN account DROP NOT NULL;
ALTER TABLE payment_orders ADD COLUMN case_number text COLLATE "C";
ALTER TABLE payment_orders ADD CHECK (num_nonnulls(account, case_number) = 1);
CREATE INDEX payment_orders_case ON payment_orders (case_number, at) WHERE case_number IS NOT NULL;
