-- Give the lines of the feed that have come through their positions, and return the last position there is.
--
-- A line is seen here only when its transaction is through, so what is numbered later gets a later position, however long
-- its transaction took.  Of one record, a later change waits for the lock of an earlier one: whoever sees the later line
-- sees the earlier, and its id is lower.  One session numbers at a time; the others read what is numbered.  The lock goes
-- when the positions are there to see, so every position below one that is seen is there too.
create or replace function number_feed(at_most integer) returns bigint
language plpgsql volatile
as $$
begin
  if exists (select from organization_feedentry where position is null)
    and pg_try_advisory_xact_lock(hashtext('organization.number_feed'))
  then
    with fresh as materialized (
      select id from organization_feedentry where position is null order by id limit at_most
    ), placed as materialized (
      select id, nextval('feed_position') as position from fresh
    )
    update organization_feedentry as entry set position = placed.position from placed where placed.id = entry.id;
  end if;
  return (select coalesce(max(position), 0) from organization_feedentry);
end
$$
