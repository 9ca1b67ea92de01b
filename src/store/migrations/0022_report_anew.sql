-- How many executions failed anew since the run began, as its report told it: replays that mend them later take none away.
alter table retry_batch.slack_threads add column report_anew jsonb;
