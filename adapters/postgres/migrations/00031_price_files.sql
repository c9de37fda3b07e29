-- +goose Up

-- Files on the prices of a month are made of price_components when somebody asks
-- for one; links to files made elsewhere are gone.
DROP TABLE price_documents;
