-- Orders of two years as a company may have them: some customers and items are asked for much more often than others,
-- almost all orders have ended, and the others are the newest. These are those from :first to :last of :orders. With
-- `SELECT setseed(0.5)` before the first ones, they are the same each time.
INSERT INTO order_summary
SELECT
  (lpad(to_hex((extract(epoch FROM placed) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
  CASE
    WHEN n > 0.97 * :orders
      THEN (ARRAY['PLACED', 'AWAITING_APPROVAL', 'AWAITING_PAYMENT', 'READY', 'PARTIALLY_FULFILLED', 'CANCELLING'])[1 + floor(5.02 * random())]
    WHEN random() < 0.08 THEN 'CANCELLED'
    ELSE 'FULFILLED'
  END,
  placed + interval '3 hours',
  ('00000000-0000-7000-8000-' || lpad(to_hex(floor(50000 * random() ^ 3)::int), 12, '0'))::uuid,
  'ops-' || floor(40 * random() ^ 2),
  currency,
  floor(exp(9 + 1.5 * sqrt(-2 * ln(random() + 1e-9)) * cos(2 * pi() * random())))::bigint,
  3,
  ARRAY['SKU-' || floor(5000 * random() ^ 3), 'SKU-' || floor(5000 * random() ^ 2), 'SKU-' || floor(5000 * random())],
  'PREPAID',
  NULL,
  placed,
  6
FROM (
  SELECT n, timestamptz '2024-11-26' + n * (interval '2 years' / :orders) AS placed,
    CASE
      WHEN random() < 0.8 THEN 'EUR'
      WHEN random() < 0.8 THEN 'USD'
      WHEN random() < 0.9 THEN 'JPY'
      ELSE 'KWD'
    END AS currency
  FROM generate_series(:first, :last) AS n
) AS made
