"""The English texts of live judging, by code: refusals, events of the record, the store."""

from __future__ import annotations

from review.text import N_

LIVE = {
    "anonymised_otherwise": N_(
        "without what is known of people the result would be another one ({parts}); nothing was"
        " erased"
    ),
    "conflict_of_interest": N_("you must not mark {proposal}: a conflict of interest is on record"),
    "dependants_open": N_(
        "the entrants of {rounds} came from round “{round}”; reopening it may change who should be"
        " in there"
    ),
    "entrants_as_they_were": N_("the entrants of round “{round}” are up to date"),
    "invalid_marks": N_("some of this is no mark of the rubric; nothing of it was stored"),
    "judge_withdrawn": N_("you do not judge this event any more; talk to the organisers"),
    "live_no_competition": N_("{folder} holds no competition.toml"),
    "live_no_event": N_("“{database}” holds no event yet, and no folder to take in was named"),
    "live_no_folder": N_("name a competition’s folder or a database"),
    "no_result_yet": N_("there is no result as things stand: {problem}"),
    "not_an_entrant": N_("{proposal} does not take part in round “{round}”"),
    "not_assigned": N_("you were not asked to mark {proposal} in round “{round}”"),
    "page_failed": N_("the page of the results cannot be made: {error}"),
    "reason_needed": N_("say why: the reason is kept in the record"),
    "result_changed": N_("the results are not as this page showed them any more; look again"),
    "result_took_too_long": N_(
        "working out the result took more than {seconds} seconds and was stopped; a plugin may hang"
    ),
    "result_worker_ended": N_("the process that works out results ended: {error}"),
    "round_unknown_live": N_("there is no round “{round}” that judges mark"),
    "round_not_run": N_("round “{round}” has no result yet"),
    "rubric_changed": N_(
        "the rubric of round “{round}” was changed; look at the form again before you send it"
    ),
    "shortlist_undecided": N_(
        "the shortlist of round “{source}” is not decided: {proposals}; give a ruling first"
    ),
    "shortlist_awaits_draw": N_(
        "the shortlist of round “{source}” is not decided: {proposals}; the draw is pending"
    ),
    "source_not_closed": N_(
        "the entrants of round “{round}” come from {sources}, to be closed first"
    ),
    "nothing_to_publish": N_("name at least one round to publish"),
    "database_in_use": N_(
        "another server has “{database}” open; on SQLite one serves at a time (PostgreSQL takes"
        " any number: `--database postgresql://…`)"
    ),
    "live_not_started": N_(
        "{folder} has no live event yet: `review serve {folder}` starts it (or name a --database)"
    ),
    "cannot_listen": N_("cannot listen on {address}: {error}; `--port` names another port"),
    "codes_all_given": N_("every short code is in use; wait ten minutes or give a link"),
    "database_newer": N_("“{database}” was made by a newer version of review"),
    "database_no_folder": N_("there is no folder {folder} for the database"),
    "database_not_ours": N_(
        "“{database}” is a database of something else (tables {tables}); name an empty one"
    ),
    "database_on_network": N_(
        "“{database}” is on a network drive ({kind}), where SQLite’s locks do not hold; put it on"
        " a local disk or use PostgreSQL"
    ),
    "database_unknown": N_("a database is a path (SQLite) or postgresql://USER:PASSWORD@HOST/NAME"),
    "database_unreadable": N_("cannot open the database “{database}”: {error}"),
    "ruling_gone": N_("there is no such ruling, or it was taken back already"),
    "not_stored": N_("the database did not take it; nothing of it was stored, send it again"),
    "op_reused": N_("this operation was used before for something else"),
    "person_unknown": N_("there is nobody under {person}"),
    "postgres_not_installed": N_(
        "PostgreSQL needs psycopg: pip install 'venture-review[postgres]'"
    ),
    "reason_wanted": N_("say why you recuse yourself"),
    "round_not_open": N_("round “{round}” is not open"),
    "round_step": N_("round “{round}” is {state}; it cannot become {to} from there"),
    "round_version": N_("somebody else has changed round “{round}” meanwhile; look again"),
    "row_added": N_("{table} {key}: put in past the application"),
    "row_changed": N_("{table} {key}: changed past the application"),
    "row_missing": N_("{table} {key}: taken out past the application"),
    "stale": N_("this ballot was changed on another device meanwhile"),
    "triggers_missing": N_(
        "“{database}” lacks what keeps its record append-only ({triggers}): it was altered past"
        " the application; restore a copy"
    ),
    "writer_closed": N_("the server is stopping; send it again"),
    "rehearsal_no_server": N_("the server does not start; its last words: {log}"),
    "rehearsal_postgres_only": N_("a rehearsal on a server of databases needs postgresql://…"),
    "rehearsal_step_failed": N_("the organiser’s {step} was not done: {answer}"),
    "backup_damaged": N_("{file} is damaged or is no copy made by `review backup`"),
    "backup_exists": N_("{file} is there already; name a new file"),
    "backup_other_kind": N_(
        "{file} is no copy of this kind of database: copies of SQLite go back into SQLite, those of"
        " PostgreSQL into PostgreSQL"
    ),
    "backup_unwritable": N_("cannot write {file}: {error}"),
    "program_failed": N_("{program} failed: {error}"),
    "program_missing": N_("copying a PostgreSQL database takes {program}, which is not installed"),
    "publication_unknown": N_("there is no such publication, or it was taken back already"),
    "restore_not_empty": N_(
        "“{database}” is not empty; a copy is put into a new database (createdb makes one)"
    ),
    "event_exists": N_("the database has an event already"),
    "folder_file_changed": N_("{file}: the folder and the event differ"),
    "folder_file_gone": N_("{file}: the event has it, the folder no longer does"),
    "folder_file_new": N_("{file}: the folder has it, the event does not"),
    "folder_has_people": N_(
        "the people of this event were erased, and the folder still has them; nothing is taken from"
        " there. Delete its tables, or put an export in their place"
    ),
    "folder_rows_changed": N_("{file}: the folder and the event differ in {ids}"),
    "folder_rules_changed": N_("competition.toml: the folder and the event differ in {keys}"),
    "folder_rulings": N_(
        "the folder has rulings that the event does not know ({count}); they are not taken over:"
        " decide in the application"
    ),
    "marks_do_not_fit": N_("the folder has no place for marks that are stored: {problems}"),
    "marks_off_scale": N_(
        "{count} stored marks of round “{round}” on “{criterion}” would be off its scale"
    ),
    "marks_without_criterion": N_(
        "{count} stored marks of round “{round}” are on “{criterion}”, which would be gone"
    ),
    "marks_without_judge": N_("{count} stored marks are by judge “{judge}”, who would be gone"),
    "marks_without_proposal": N_(
        "{count} stored marks are on proposal “{proposal}”, which would be gone"
    ),
    "marks_without_round": N_(
        "{count} stored marks are of round “{round}”, which would be gone or not judged"
    ),
    "folder_changed": N_("the folder is not as this page showed it any more; look again"),
}
