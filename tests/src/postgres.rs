//! A throw-away PostgreSQL server for the tests.
//!
//! The first test that asks for a database starts a server of this process's
//! own, and every test takes fresh databases in it. Nothing outlives the
//! process: a small shell, the keeper, holds one end of a pipe and we hold the
//! other. The pipe closes however we end (a panic, `exit`, `kill -9`), and the
//! keeper then stops the server and removes its folder. A destructor could not
//! promise that: statics are never dropped.
//!
//! `COUDEMAIN_TEST_POSTGRES` names a server to use instead, by its URL. We must
//! be allowed to create databases there, and they stay when the tests are over.
//! `COUDEMAIN_TEST_TEMPLATE` names a database of it of which every test gets a
//! copy instead of an empty one: see [`crate::shards`].

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs, io, thread};

use sqlx::error::DatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::packages;

/// Names the server to use instead of starting one.
pub(crate) const VARIABLE: &str = "COUDEMAIN_TEST_POSTGRES";

/// Names the database that the tests get copies of.
pub(crate) const TEMPLATE_VARIABLE: &str = "COUDEMAIN_TEST_TEMPLATE";

/// Whether the tests get copies of a database whose tables are cut up.
pub(crate) fn is_cut_up() -> bool {
    env::var_os(TEMPLATE_VARIABLE).is_some()
}

/// Unlike template1, it holds nothing that somebody added.
const EMPTY: &str = "template0";

/// How often to try to start a server: another program may take the port that
/// was free a moment ago.
const STARTS: usize = 5;

/// The server that the tests of this process share.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match env::var(VARIABLE) {
        Ok(url) => Server::elsewhere(&url),
        Err(_) => Server::start(""),
    });
    // The outcome is kept either way, so that a machine without PostgreSQL says
    // so in every test without trying to install it again in each.
    server.as_ref().unwrap_or_else(|why| panic!("{why}"))
}

/// A server of the caller's own, for a test in which the database disappears.
pub(crate) fn private_server() -> PrivateServer {
    PrivateServer(Server::start("").unwrap_or_else(|why| panic!("{why}")))
}

/// A running PostgreSQL server.
pub(crate) struct Server {
    /// A URL up to the name of the database, without the last slash.
    address: String,
    /// What follows the name of the database: nothing, or `?` and parameters.
    parameters: String,
    /// The database to connect to in order to create another.
    maintenance: String,
    /// The port and the keeper, unless the server is somebody else's.
    own: Option<(u16, Keeper)>,
}

impl Server {
    /// The URL of a database of this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.address, self.parameters)
    }

    /// Creates a database that no other test uses, and returns its URL: an
    /// empty one, unless the tests get copies of another.
    pub(crate) fn new_database(&self) -> String {
        match env::var(TEMPLATE_VARIABLE) {
            Ok(template) => self.copy_of(&template),
            Err(_) => self.empty_database(),
        }
    }

    /// Creates a database that is empty whatever the others are.
    pub(crate) fn empty_database(&self) -> String {
        self.copy_of(EMPTY)
    }

    /// Creates a copy of a database of this server, to which nobody is connected, and returns its URL.
    pub(crate) fn copy(&self, url: &str) -> String {
        let name = url.strip_prefix(&self.address).and_then(|rest| rest.strip_prefix('/'));
        let name = name.and_then(|rest| rest.strip_suffix(&self.parameters));
        self.copy_of(name.unwrap_or_else(|| panic!("{url} is no database of this server")))
    }

    fn copy_of(&self, template: &str) -> String {
        self.created("", &format!("TEMPLATE {template} ENCODING 'UTF8'"))
    }

    /// Creates a database in this way, after something else.
    fn created(&self, first: &str, way: &str) -> String {
        let maintenance = self.url(&self.maintenance);
        // A thread of its own, because the caller may be inside a runtime already.
        let created = thread::scope(|scope| scope.spawn(|| create_database(&maintenance, first, way)).join());
        let name = created
            .expect("The thread that creates a database should not panic.")
            .unwrap_or_else(|error| panic!("No database could be created: {error}"));
        self.url(&name)
    }

    /// The file that a server of our own writes its log into.
    pub(crate) fn log(&self) -> Option<PathBuf> {
        self.own.as_ref().map(|(_, keeper)| keeper.folder.join("log"))
    }

    fn elsewhere(url: &str) -> Result<Self, String> {
        let (url, parameters) = url.find('?').map_or((url, ""), |at| url.split_at(at));
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| format!("{VARIABLE} should be a URL, postgres://user@host/database."))?;
        let (host, database) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self {
            address: format!("{scheme}://{host}"),
            parameters: parameters.to_owned(),
            maintenance: if database.is_empty() { "postgres" } else { database }.to_owned(),
            own: None,
        })
    }

    /// Starts a server of our own, with these options beside the usual ones.
    pub(crate) fn start(options: &str) -> Result<Self, String> {
        let mut keeper = Keeper::new(&programs()?, options)?;
        keeper.obey("create")?;
        let mut tries = 1;
        let port = loop {
            let port = free_port().map_err(|error| format!("No free port was found: {error}"))?;
            match keeper.obey(&format!("start {port}")) {
                Ok(()) => break port,
                Err(why) if tries == STARTS => return Err(why),
                Err(_) => tries += 1,
            }
        };
        Ok(Self {
            address: format!("postgres://postgres@127.0.0.1:{port}"),
            parameters: String::new(),
            maintenance: "postgres".to_owned(),
            own: Some((port, keeper)),
        })
    }
}

/// A server of one test's own. It ends with this value.
pub(crate) struct PrivateServer(Server);

impl PrivateServer {
    /// Creates an empty database, and returns its URL.
    pub(crate) fn new_database(&self) -> String {
        self.0.empty_database()
    }

    /// Where a disk may be mounted that the server can reach.
    pub(crate) fn place_for_a_disk(&self) -> PathBuf {
        let log = self.0.log().expect("A private server is always our own.");
        log.with_file_name("disk")
    }

    /// Creates a database whose tables are on the disk there, and returns its URL.
    pub(crate) fn new_database_on_the_disk(&self) -> String {
        let place = self.place_for_a_disk();
        let owner = fs::metadata(place.parent().expect("It is in the server's folder.")).expect("The folder is there.");
        std::os::unix::fs::chown(&place, Some(owner.uid()), Some(owner.gid()))
            .expect("Whoever mounts a disk gives it.");
        let tablespace = format!("CREATE TABLESPACE small LOCATION '{}'", place.display());
        self.0.created(&tablespace, &format!("TABLESPACE small TEMPLATE {EMPTY} ENCODING 'UTF8'"))
    }

    /// Stops the server as a crash would: connections break, and nothing is
    /// flushed that was not committed.
    pub(crate) fn stop_immediately(&mut self) {
        let (_, keeper) = self.own();
        keeper.obey("stop").unwrap_or_else(|why| panic!("{why}"));
    }

    /// Starts the server again, on the same port and with the same databases.
    pub(crate) fn start_again(&mut self) {
        let (port, keeper) = self.own();
        let order = format!("start {port}");
        // An outgoing connection of another program may hold the port for a while.
        for _ in 1..STARTS {
            if keeper.obey(&order).is_ok() {
                return;
            }
            thread::sleep(Duration::from_secs(1));
        }
        keeper.obey(&order).unwrap_or_else(|why| panic!("{why}"));
    }

    fn own(&mut self) -> (u16, &mut Keeper) {
        let (port, keeper) = self.0.own.as_mut().expect("A private server is always our own.");
        (*port, keeper)
    }
}

/// Creates a database under a name of its own, and returns the name.
fn create_database(maintenance: &str, first: &str, way: &str) -> Result<String, sqlx::Error> {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = PgConnection::connect(maintenance).await?;
        sqlx::raw_sql(AssertSqlSafe(first.to_owned())).execute(&mut connection).await?;
        let name = loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = format!("coudemain_test_{}_{number}", std::process::id());
            let create = format!("CREATE DATABASE {name} {way}");
            match sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await {
                Ok(_) => break name,
                // On a server that lasts, an earlier process had our number.
                Err(error) if is_taken(&error) => {}
                Err(error) => return Err(error),
            }
        };
        connection.close().await?;
        Ok(name)
    })
}

/// Whether a database of that name exists, or is being created by another process.
fn is_taken(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some("42P04" | "23505"))
}

/// The shell that makes a folder and says which; obeys `create`, `start PORT`
/// and `stop`, one order a line, and answers each with an exit status; then,
/// when the orders end, stops the server and removes the folder. It ignores what
/// a terminal sends to everybody, and it carries out orders in turn, so a server
/// that was just being started when we died is stopped all the same. Sockets have
/// short paths, so the folder is not where TMPDIR says.
const KEEPER: &str = r#"
trap '' HUP INT TERM PIPE
bin=$1 options=$2
folder=$(mktemp -d /tmp/coudemain-postgres-XXXXXXXX) || exit
echo "$folder"
control() {
    "$bin/pg_ctl" --pgdata="$folder/data" "$@" </dev/null >>"$folder/log" 2>&1
}
while read -r order port; do
    case $order in
    create)
        "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
            --encoding=UTF8 --locale=C --no-sync </dev/null >>"$folder/log" 2>&1 ;;
    start)
        control start --wait --log="$folder/log" --options="-c port=$port \
            -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder \
            -c max_connections=300 $options" ;;
    stop)
        control stop --mode=immediate ;;
    esac
    echo $?
done
control stop --mode=immediate
rm -rf "$folder"
"#;

/// A keeper at work. Dropping it ends the server.
struct Keeper {
    folder: PathBuf,
    /// Taken by `drop` alone, because closing it is what ends the keeper.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    child: Child,
}

impl Keeper {
    fn new(programs: &Path, options: &str) -> Result<Self, String> {
        // PostgreSQL refuses to run as root.
        let mut command = if packages::is_root() { User::unprivileged()?.command("sh")? } else { Command::new("sh") };
        let mut child = command
            .args(["-c", KEEPER, "keeper"])
            .arg(programs)
            .arg(options)
            // The folder of the tests may be closed to the other user.
            .current_dir("/tmp")
            .env_clear()
            .envs(env::var_os("PATH").map(|path| ("PATH", path)))
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Whoever reads our output should not have to wait for the keeper to end.
            .stderr(Stdio::null())
            // Out of reach of the Ctrl-C that stops `cargo test`.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("PostgreSQL's keeper could not start: {error}"))?;
        let orders = child.stdin.take();
        let answers = child.stdout.take().expect("The keeper's output is a pipe.");
        let mut keeper = Self { folder: PathBuf::new(), orders, answers: BufReader::new(answers), child };
        keeper.folder = match keeper.answer() {
            Ok(folder) if !folder.is_empty() => folder.into(),
            _ => return Err("PostgreSQL's keeper could not make a folder in /tmp.".to_owned()),
        };
        Ok(keeper)
    }

    /// Gives an order and waits until it is done.
    fn obey(&mut self, order: &str) -> Result<(), String> {
        let orders = self.orders.as_mut().expect("Orders are taken until the keeper is dropped.");
        match writeln!(orders, "{order}").and_then(|()| self.answer()) {
            Ok(answer) if answer == "0" => Ok(()),
            Ok(_) => Err(format!("PostgreSQL failed to {order}. {}", self.log())),
            Err(error) => Err(format!("PostgreSQL's keeper is gone: {error}. {}", self.log())),
        }
    }

    /// The next line that the keeper says, or nothing if it has ended.
    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn log(&self) -> String {
        match fs::read_to_string(self.folder.join("log")) {
            Ok(log) => format!("Its log says:\n{log}"),
            Err(error) => format!("Its log cannot be read: {error}"),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.orders = None;
        // Nobody could do anything about a keeper that cannot be waited for.
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on at this moment.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// An account of this machine.
struct User {
    name: String,
    uid: u32,
    gid: u32,
}

impl User {
    /// PostgreSQL's own user, or one that owns nothing. PostgreSQL wants its
    /// user to have a name, so any number that is not zero would not do.
    fn unprivileged() -> Result<Self, String> {
        let accounts =
            fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd cannot be read: {error}"))?;
        let users: Vec<Self> = accounts.lines().filter_map(Self::parse).collect();
        let rank = |user: &Self| match user.name.as_str() {
            "postgres" => 0,
            "nobody" => 1,
            _ => 2,
        };
        users
            .into_iter()
            .filter(|user| user.uid != 0)
            .min_by_key(rank)
            .ok_or_else(|| "PostgreSQL refuses to run as root, and this machine has no other user.".to_owned())
    }

    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let mut numbers = fields.skip(1).map_while(|field| field.parse().ok());
        Some(Self { name, uid: numbers.next()?, gid: numbers.next()? })
    }

    /// A command that runs a program as this user, who may well have no login
    /// shell; the first way that works here, as containers lack some of them.
    fn command(&self, program: &str) -> Result<Command, String> {
        let (uid, gid) = (self.uid.to_string(), self.gid.to_string());
        let name = self.name.as_str();
        let ways = [
            vec!["setpriv", "--reuid", &uid, "--regid", &gid, "--clear-groups"],
            vec!["runuser", "-u", name, "--"],
            vec!["su", "-s", "/bin/sh", "-c", r#"exec "$@""#, "--", name, "sh"],
        ];
        let command = |way: &[&str], program: &str| {
            let mut command = Command::new(way[0]);
            command.args(&way[1..]).arg(program);
            command
        };
        ways.iter()
            .find(|way| command(way, "true").current_dir("/").output().is_ok_and(|run| run.status.success()))
            .map(|way| command(way, program))
            .ok_or_else(|| {
                format!(
                    "PostgreSQL refuses to run as root, and none of setpriv, runuser and su lets root become {name}."
                )
            })
    }
}

/// The folder of PostgreSQL's programs, which are installed if need be.
fn programs() -> Result<PathBuf, String> {
    match find_programs() {
        Some(folder) => Ok(folder),
        None => packages::install("postgresql", &missing())
            .and_then(|()| find_programs().ok_or_else(|| "PostgreSQL was installed but is not found.".to_owned())),
    }
}

/// Looks on PATH, then where Debian keeps them: there, the highest version.
fn find_programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Beside a link there may be none of the other programs, so we follow it.
    let on_path = env::split_paths(&path)
        .filter_map(|folder| folder.join("pg_ctl").canonicalize().ok()?.parent().map(Path::to_owned));
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    on_path
        .chain(versions.into_iter().rev().map(|(_, folder)| folder))
        .find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

fn missing() -> String {
    format!(
        "These tests need PostgreSQL's initdb and pg_ctl, which were not found. Install them \
         (on Debian: apt-get install postgresql), or set {VARIABLE} to the URL of a server \
         where databases may be created."
    )
}
