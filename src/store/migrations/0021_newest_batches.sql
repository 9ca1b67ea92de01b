-- The list of batches reads a page of them over this, however many there are: calls over HTTP leave one each.
create index batches_newest on retry_batch.batches (requested_at desc, id desc);
