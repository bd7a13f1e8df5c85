-- The tables of the read model.

CREATE TABLE bench_order_view (order_id uuid PRIMARY KEY, lines integer NOT NULL, qty bigint NOT NULL);

CREATE TABLE bench_timeline (
  order_id uuid NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  what text NOT NULL,
  PRIMARY KEY (order_id, event_id)
);

CREATE TABLE bench_sale (sku text COLLATE "C" PRIMARY KEY, lines bigint NOT NULL, qty bigint NOT NULL);
