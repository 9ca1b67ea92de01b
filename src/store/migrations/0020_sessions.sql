-- Whom the bot has signed in itself, where nobody else does. OnRamp's own sessions are read beside these, and never written.
create table retry_batch.sessions (
  -- SHA-256 of the cookie's value, which is kept nowhere.
  token_sha256 bytea primary key,
  user_id bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint sessions_sha256 check (octet_length(token_sha256) = 32)
);
create index sessions_expires_at on retry_batch.sessions (expires_at);
