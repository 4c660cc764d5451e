//! The matrix as data: the commands, the ways to end, and the exit code that each of them must have together.

use super::stage::{Fate, ID};

/// What a command is for the one who judges how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It sends nothing.
    Local,
    /// It reads from Bango.
    Read,
    /// It reads until something is so.
    Wait,
    /// It changes something by one request.
    Change,
    /// It creates a pending entitlement and then reads it; the fates are those of the reads.
    CreateAndWait,
    /// Three changes.
    Batch,
    /// It reads in order to say what is wrong.
    Doctor,
    /// It tries credentials and keeps them on this machine.
    Login,
}

/// A command that is run.
#[derive(Debug)]
pub struct Command {
    pub name: &'static str,
    pub kind: Kind,
    pub arguments: &'static [&'static str],
    /// What it asks at a terminal with these arguments, if it asks.
    pub question: Option<(&'static [&'static str], &'static str)>,
}

const fn command(
    name: &'static str,
    kind: Kind,
    arguments: &'static [&'static str],
    question: Option<(&'static [&'static str], &'static str)>,
) -> Command {
    Command {
        name,
        kind,
        arguments,
        question,
    }
}

#[rustfmt::skip]
pub const COMMANDS: &[Command] = &[
    command("create", Kind::Change, &["create", "--user", "cust-1", "--merchant", "BANGO", "--product", "BangoMusic"], Some((&["create"], "User"))),
    command("create --wait", Kind::CreateAndWait, &["create", "--user", "cust-1", "--merchant", "BANGO", "--product", "BangoMusic", "--wait=1s"], None),
    command("get", Kind::Read, &["get", ID], None),
    command("get several", Kind::Read, &["get", ID, "ent-2"], None),
    command("list", Kind::Read, &["list", "--user", "cust-1"], None),
    command("update", Kind::Change, &["update", ID, "--product", "Other"], None),
    command("suspend", Kind::Change, &["suspend", ID], None),
    command("resume", Kind::Change, &["resume", ID], None),
    command("cancel", Kind::Change, &["cancel", ID, "--yes", "--reason", "CUSTOMER_CANCELLED/OTHER"], Some((&["cancel", ID, "--reason", "CUSTOMER_CANCELLED/OTHER"], "[y/n]"))),
    command("revoke", Kind::Change, &["revoke", ID, "--yes", "--reason", "REVOKED/OTHER"], Some((&["revoke", ID, "--reason", "REVOKED/OTHER"], "[y/n]"))),
    command("wait", Kind::Wait, &["wait", ID, "--timeout", "1s", "--interval", "1s"], None),
    command("activation-url", Kind::Read, &["activation-url", ID], None),
    command("echo", Kind::Read, &["echo"], None),
    command("api GET", Kind::Read, &["api", "GET", "entitlement/9d6b3a3e-0000-4000-8000-000000000001"], None),
    command("api POST", Kind::Change, &["api", "POST", "entitlement", "--field", "customerIdentifier=cust-1"], None),
    command("batch", Kind::Batch, &["batch", "users.csv", "--give-up-after", "1s"], Some((&["batch", "ends.csv", "--action", "revoke", "--reason", "REVOKED/OTHER"], "[y/n]"))),
    command("batch --check", Kind::Local, &["batch", "users.csv", "--check"], None),
    command("batch status", Kind::Local, &["batch", "status", "done.journal"], None),
    command("doctor", Kind::Doctor, &["doctor"], None),
    command("auth login", Kind::Login, &["auth", "login", "--username", "MyOrganization", "--password-file", "password.txt", "--store", "file"], Some((&["auth", "login", "--store", "file"], "User name"))),
    command("auth status --check", Kind::Read, &["auth", "status", "--check"], None),
    command("explain", Kind::Local, &["explain", "30"], None),
    command("commands", Kind::Local, &["commands"], None),
    command("profile list", Kind::Local, &["profile", "list"], None),
    command("completions", Kind::Local, &["completions", "bash"], None),
];

/// Where the result goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Somebody reads it.
    Read,
    /// The reader has left before anything was sent.
    LeftBefore,
    /// The reader leaves while the request is under way.
    LeftUnderWay,
    /// A full disk.
    Full,
    /// There is no standard output.
    Closed,
}

/// When and how the user ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Never,
    /// Ctrl-C while the password is fetched, before the first request.
    BeforeTheFirstRequest,
    /// A signal while a request is under way.
    UnderWay(rustix::process::Signal),
    /// Ctrl-C at a question.
    AtTheQuestion,
}

/// A way to end.
#[derive(Debug)]
pub struct Ending {
    pub name: &'static str,
    pub fate: Fate,
    pub output: Output,
    pub stop: Stop,
    pub flags: &'static [&'static str],
}

const ONCE: &[&str] = &["--retries", "0"];
const TWICE: &[&str] = &["--retries", "1"];

const fn answered(name: &'static str, fate: Fate) -> Ending {
    ending(name, fate, Output::Read, Stop::Never, ONCE)
}

const fn unwritten(name: &'static str, fate: Fate, output: Output) -> Ending {
    ending(name, fate, output, Stop::Never, ONCE)
}

const fn stopped(name: &'static str, fate: Fate, stop: Stop) -> Ending {
    ending(name, fate, Output::Read, stop, ONCE)
}

const fn ending(
    name: &'static str,
    fate: Fate,
    output: Output,
    stop: Stop,
    flags: &'static [&'static str],
) -> Ending {
    Ending {
        name,
        fate,
        output,
        stop,
        flags,
    }
}

const BAD: Fate = Fate::Refused("BAD_REQUEST", 400);

#[rustfmt::skip]
pub const ENDINGS: &[Ending] = &[
    answered("success", Fate::Done),
    answered("BAD_REQUEST", BAD),
    answered("UNAUTHORIZED", Fate::Refused("UNAUTHORIZED", 401)),
    answered("NOT_AVAILABLE", Fate::Refused("NOT_AVAILABLE", 400)),
    answered("ALREADY_EXISTS", Fate::Refused("ALREADY_EXISTS", 409)),
    answered("NOT_FOUND", Fate::Refused("NOT_FOUND", 404)),
    answered("CONFLICT", Fate::Refused("CONFLICT", 409)),
    answered("TOO_MANY_REQUESTS", Fate::Refused("TOO_MANY_REQUESTS", 429)),
    answered("INTERNAL_ERROR", Fate::Refused("INTERNAL_ERROR", 500)),
    ending("SERVICE_UNAVAILABLE to the end", Fate::Refused("SERVICE_UNAVAILABLE", 503), Output::Read, Stop::Never, TWICE),
    answered("lost answer", Fate::Lost),
    ending("lost answer, then BAD_REQUEST", Fate::LostThenRefused, Output::Read, Stop::Never, TWICE),
    answered("no connection", Fate::NoConnection),
    ending("dry run", Fate::Done, Output::Read, Stop::Never, &["--dry-run"]),
    unwritten("reader left before", Fate::Done, Output::LeftBefore),
    unwritten("reader left under way", Fate::Done, Output::LeftUnderWay),
    unwritten("reader left, BAD_REQUEST", BAD, Output::LeftBefore),
    unwritten("reader left, lost answer", Fate::Lost, Output::LeftBefore),
    unwritten("full disk", Fate::Done, Output::Full),
    unwritten("full disk, BAD_REQUEST", BAD, Output::Full),
    unwritten("full disk, lost answer", Fate::Lost, Output::Full),
    unwritten("closed output", Fate::Done, Output::Closed),
    unwritten("closed output, BAD_REQUEST", BAD, Output::Closed),
    stopped("Ctrl-C before the first request", Fate::Done, Stop::BeforeTheFirstRequest),
    stopped("Ctrl-C under way", Fate::Hangs, Stop::UnderWay(rustix::process::Signal::INT)),
    stopped("SIGTERM under way", Fate::Hangs, Stop::UnderWay(rustix::process::Signal::TERM)),
    stopped("SIGHUP under way", Fate::Hangs, Stop::UnderWay(rustix::process::Signal::HUP)),
    stopped("Ctrl-C at the question", Fate::Done, Stop::AtTheQuestion),
];

/// The exit code of a cell; none if there is no such cell. It never depends on the format.
pub fn code(command: &Command, ending: &Ending) -> Option<i32> {
    use Kind::{Batch, Change, CreateAndWait, Local, Login, Wait};
    let kind = command.kind;
    match ending.stop {
        Stop::Never => {}
        Stop::AtTheQuestion => return command.question.map(|_| 130),
        // A login has no password that could be fetched slowly.
        Stop::BeforeTheFirstRequest if kind == Login => return None,
        Stop::BeforeTheFirstRequest | Stop::UnderWay(_) => {
            return (kind != Local).then_some(130);
        }
    }
    if kind == Local && (ending.fate != Fate::Done || ending.output == Output::LeftUnderWay) {
        return None;
    }
    if ending.flags.contains(&"--dry-run") {
        return Some(0);
    }
    let earned = match ending.fate {
        Fate::Done | Fate::Hangs => 0,
        // The look-ups that follow are the business of the batch's own tests.
        Fate::LostThenRefused if kind == Batch => return None,
        // Each of its calls is sent once.
        Fate::LostThenRefused if matches!(kind, Wait | CreateAndWait) => return None,
        // Reading changes nothing: what a later answer says is all there is to know.
        Fate::LostThenRefused if kind != Change => 10,
        // It stops at once, because every row would end in the same way; or it gives up, and nothing has failed.
        Fate::Refused("UNAUTHORIZED" | "TOO_MANY_REQUESTS" | "SERVICE_UNAVAILABLE", _)
        | Fate::NoConnection
            if kind == Batch =>
        {
            of(ending.fate)
        }
        _ if kind == Batch => 40,
        fate => of(fate),
    };
    // Bango has changed something, and the result names what.
    let acted = match kind {
        Change => ending.fate == Fate::Done,
        CreateAndWait => earned == 0,
        _ => false,
    };
    Some(match ending.output {
        // A closed output cannot be told from one that is thrown away; the id is on standard error.
        Output::Read | Output::Closed => earned,
        _ if acted => 41,
        // A reader that has left changes nothing.
        Output::LeftBefore | Output::LeftUnderWay => earned,
        Output::Full if earned != 0 => earned,
        Output::Full if kind == Batch => 41,
        Output::Full => 1,
    })
}

/// The exit code that a fate has by itself; that of the reads after a create is theirs as well.
fn of(fate: Fate) -> i32 {
    match fate {
        Fate::Done | Fate::Hangs => 0,
        Fate::Lost | Fate::LostThenRefused => 30,
        Fate::NoConnection => 31,
        Fate::Refused(code, _) => refusal(code),
    }
}

fn refusal(code: &str) -> i32 {
    match code {
        "BAD_REQUEST" => 10,
        "UNAUTHORIZED" => 11,
        "NOT_AVAILABLE" => 12,
        "ALREADY_EXISTS" => 13,
        "NOT_FOUND" => 14,
        "CONFLICT" => 15,
        "TOO_MANY_REQUESTS" => 20,
        "INTERNAL_ERROR" => 21,
        _ => 22,
    }
}
