-- A database that publishes all its tables (change data capture, a move to another server) refuses to change a row of a table
-- that nothing identifies rows of. This one alone has no primary key: a person may be mapped again.
alter table retry_batch.slack_identities replica identity full;
