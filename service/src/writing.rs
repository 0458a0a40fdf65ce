//! Writing in a caller's name: acts through the ledger's one writer, and what is no act beside it. Either way a repeat
//! gets the first answer.

use ledger::{
    Rejection,
    act::ActKind,
    command::{Command, Request, Seen},
};
use store::{Change, Group, Kept, KeptAnswer, Once, Receipt, WriteError};

use crate::{
    app::App,
    asked::{Asked, SeenTags},
    caller::Caller,
    problem::{Problem, Refusal},
};

/// What was answered to an earlier request with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierAnswer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: String,
}

/// What is answered once something is kept.
#[derive(Debug, Clone, Copy)]
pub struct AnswerToKeep<'a> {
    /// The status.
    pub status: u16,
    /// The body, without what is told only once.
    pub body: &'a serde_json::Value,
}

impl App {
    /// Asks the ledger for one thing, in the caller's name.
    ///
    /// # Errors
    /// When it is refused, or not known to be written.
    pub async fn write(&self, caller: &Caller, asked: &Asked, command: Command) -> Result<Receipt, Problem> {
        self.write_having_seen(caller, asked, command, None).await
    }

    /// The same, where the caller may say what they have seen: once it is another, nothing is written.
    ///
    /// # Errors
    /// When it is refused, or not known to be written.
    pub async fn write_having_seen(
        &self,
        caller: &Caller,
        asked: &Asked,
        command: Command,
        seen: Option<Seen>,
    ) -> Result<Receipt, Problem> {
        self.submit(caller, Request { seen, ..asked.request(caller, command)? }).await
    }

    /// Asks the ledger for what a request says; who asked for it here is told what comes of it.
    ///
    /// # Errors
    /// When it is refused, or not known to be written.
    pub async fn submit(&self, caller: &Caller, request: Request) -> Result<Receipt, Problem> {
        let changes_registry = ActKind::of(&request.command).changes_registry();
        match self.writer.submit(caller.known.id, request).await {
            Ok(receipt) => {
                if changes_registry {
                    caller.known.forget();
                    // What ends with a role has ended.
                    self.tokens.forget();
                }
                self.tell_followers();
                Ok(receipt)
            }
            Err(error) => Err(self.not_written(caller, error)),
        }
    }

    /// Asks the ledger for several things, all or nothing.
    ///
    /// # Errors
    /// When one is refused, at its line, or nothing is known to be written.
    pub async fn submit_together(&self, caller: &Caller, requests: Vec<Request>) -> Result<Vec<Receipt>, Problem> {
        let changes_registry = requests.iter().any(|request| ActKind::of(&request.command).changes_registry());
        match self
            .writer
            .submit_group(caller.known.id, Group { requests: requests.into(), override_reason: None })
            .await
        {
            Ok(receipts) => {
                if changes_registry {
                    caller.known.forget();
                    self.tokens.forget();
                }
                self.tell_followers();
                Ok(receipts)
            }
            Err(WriteError::GroupRejected { index, rejection }) => {
                // Limits are judged for the whole: no line is at fault.
                let is_whole = matches!(rejection, Rejection::HardLimitIsPassed(_));
                let problem = self.not_written(caller, WriteError::Rejected(rejection));
                Err(if is_whole { problem } else { problem.at_line(index) })
            }
            Err(error) => Err(self.not_written(caller, error)),
        }
    }

    /// Tells those who follow the acts that there may be new ones.
    pub fn tell_followers(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// What was not written, in the words of the newest registry.
    pub fn not_written(&self, caller: &Caller, error: WriteError) -> Problem {
        if matches!(&error, WriteError::Rejected(Rejection::LogWasReopened)) {
            caller.known.forget();
        }
        let problem = Problem::written(error, &caller.registry);
        self.metrics.rejected(&problem.slug());
        problem
    }

    /// What the caller says they have seen, which has to be what there is: `now` gives it, with its tag. What a repeat
    /// was meant for is past.
    ///
    /// # Errors
    /// When they have seen another version, or the database does not answer.
    pub async fn seen(
        &self,
        caller: &Caller,
        asked: &Asked,
        tags: &SeenTags,
        now: impl Future<Output = Result<Tagged<Seen>, Problem>>,
    ) -> Result<Option<Seen>, Problem> {
        if !tags.are_said() || !self.store.acts_of_keys(caller.known.id, &[asked.key_of(caller)]).await?.is_empty() {
            return Ok(None);
        }
        let now = now.await?;
        tags.check(&now.tag)?;
        Ok(Some(now.version))
    }

    /// What was answered to a write with this key that is no act.
    ///
    /// # Errors
    /// When the key was used for another request, or the database does not answer.
    pub async fn earlier(&self, caller: &Caller, asked: &Asked) -> Result<Option<EarlierAnswer>, Problem> {
        let found = self.store.kept_answer(caller.known.id, &caller.key_scope(), &asked.key).await?;
        let Some(KeptAnswer { request, status, body }) = found else { return Ok(None) };
        if request != asked.digest {
            return Err(Problem::new(Refusal::KeyWasUsedForAnotherRequest).at("Idempotency-Key"));
        }
        Ok(Some(EarlierAnswer { status, body }))
    }

    /// Writes what is no act, once. What is given back was answered the first time, and is to be answered again.
    ///
    /// # Errors
    /// When the key was used for another request, somebody changed it meanwhile, there are as many as there may be, or the
    /// database does not answer.
    pub async fn keep(
        &self,
        caller: &Caller,
        asked: &Asked,
        change: &Change,
        answer: AnswerToKeep<'_>,
    ) -> Result<Option<EarlierAnswer>, Problem> {
        let once = Once {
            scope: caller.key_scope(),
            key: asked.key.clone(),
            request: asked.digest,
            status: answer.status,
            body: answer.body.to_string(),
        };
        match self.store.keep(caller.known.id, &once, change, self.now()).await? {
            Kept::Done => Ok(None),
            Kept::Repeated(KeptAnswer { status, body, .. }) => Ok(Some(EarlierAnswer { status, body })),
            Kept::OtherRequest => Err(Problem::new(Refusal::KeyWasUsedForAnotherRequest).at("Idempotency-Key")),
            Kept::Stale => Err(Problem::new(Refusal::ChangedMeanwhile)),
            Kept::Full => Err(Problem::new(Refusal::TooManyWebhooks)),
        }
    }
}

/// A version of something, with its tag.
#[derive(Debug, Clone)]
pub struct Tagged<T> {
    /// The tag.
    pub tag: String,
    /// The version.
    pub version: T,
}
