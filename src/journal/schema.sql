-- The journal of xtenant, format 1. Times are microseconds since 1970, UTC. Values are JSON. No secret ever stands in here.
create table run (
    id integer primary key autoincrement,
    kind text not null,
    script text not null,
    arguments text not null,
    hashes text not null,
    folder text not null,
    flags text not null,
    parent integer,
    version text not null,
    started integer not null,
    ended integer,
    ending text,
    exit integer
) strict;
create index run_open on run (id) where ended is null;

create table run_tenant (
    run integer not null,
    param text not null,
    profile text not null,
    tenant text not null,
    domain text not null,
    writes integer not null,
    primary key (run, param)
) strict, without rowid;

-- The changes of a run, counted by state; kept by the triggers below, so that a list of runs reads no change.
create table tally (
    run integer primary key,
    intended integer not null default 0,
    done integer not null default 0,
    refused integer not null default 0,
    to_check integer not null default 0,
    not_done integer not null default 0,
    differing integer not null default 0,
    undone integer not null default 0
) strict;

create table change (
    id integer primary key autoincrement,
    run integer not null,
    tenant text not null,
    tenant_name text not null,
    service text not null,
    operation text not null,
    noun text not null,
    object text,
    label text not null,
    arguments text not null,
    touched text not null,
    impact text not null,
    request_id text not null,
    at integer not null,
    batch integer,
    state text not null,
    undone_by integer,
    ended integer,
    reply text,
    warnings text,
    code text,
    message text,
    note text
) strict;
create index change_run on change (run);
create index change_unsettled on change (tenant) where state in ('intended', 'to_check');

create trigger change_counted after insert on change begin
    update tally set intended = intended + 1 where run = new.run;
end;
create trigger change_moved after update of state on change when old.state <> new.state begin
    update tally set
        intended = intended - (old.state = 'intended') + (new.state = 'intended'),
        done = done - (old.state = 'done') + (new.state = 'done'),
        refused = refused - (old.state = 'refused') + (new.state = 'refused'),
        to_check = to_check - (old.state = 'to_check') + (new.state = 'to_check'),
        not_done = not_done - (old.state = 'not_done') + (new.state = 'not_done'),
        differing = differing - (old.state = 'differing') + (new.state = 'differing')
    where run = new.run;
end;
create trigger change_undone after update of undone_by on change when old.undone_by is null and new.undone_by is not null begin
    update tally set undone = undone + 1 where run = new.run;
end;

-- The attempts after the first, which stands with the change.
create table attempt (
    change integer not null,
    number integer not null,
    request_id text not null,
    at integer not null,
    primary key (change, number)
) strict, without rowid;

-- Finished items of loops with a key.
create table item (
    run integer not null,
    place text not null,
    key text not null,
    result text not null,
    primary key (run, place, key)
) strict, without rowid;
