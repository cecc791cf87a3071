-- When somebody was last known to listen to a run on a server other than the one that works on it: a page that is loaded
-- again may come back to any of them.

alter table run add column heard_at timestamptz;
