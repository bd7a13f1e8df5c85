-- What the reports look for. Each index costs each event that changes an indexed column, and a rebuild most of all, so
-- there is one per kind of question (docs/adr/0029-reads-filters-cursors-csv.md).

-- The search of orders. Each of the first four gives the rows of its filter in the sequence of the list.
CREATE INDEX order_summary_by_time ON order_summary (placed_at, order_id);
CREATE INDEX order_summary_by_state ON order_summary (state, placed_at, order_id);
CREATE INDEX order_summary_by_customer ON order_summary (customer_id, placed_at, order_id);
CREATE INDEX order_summary_by_requester ON order_summary (requester_id, placed_at, order_id);
CREATE INDEX order_summary_by_total ON order_summary (currency, total_minor, order_id);
CREATE INDEX order_summary_by_sku ON order_summary USING gin (skus);

-- What customers owe: most invoices are paid, or credited as a whole.
CREATE INDEX order_invoice_open ON order_invoice (order_id) WHERE paid_at IS NULL AND credited_minor < total_minor;
