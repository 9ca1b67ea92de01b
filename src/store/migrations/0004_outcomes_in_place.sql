-- Rows that were put off are found by the primary key, and an index that names the outcome keeps Postgres from writing
-- outcomes in place: each would be a new entry in every index, and the old ones in the way of whoever looks for a turn.
drop index retry_batch.plan_rows_locked;
