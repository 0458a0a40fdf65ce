//! Reads balances for many callers with one query.
//!
//! Whoever asks while a query is under way waits for the next one, which answers all of them: what is read is never
//! older than the question, however many processes write, and a thousand questions cost few queries.

use std::collections::BTreeMap;
use std::sync::Arc;

use ledger::{
    NetworkId,
    account::{Account, AccountHead},
};
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// No query is about more accounts.
const ACCOUNTS_MOST: usize = 256;

type Answer = Result<AccountHead, Arc<StoreError>>;

#[derive(Debug)]
struct Question {
    network: NetworkId,
    account: Account,
    answer: oneshot::Sender<Answer>,
}

/// The reader of balances.
#[derive(Debug, Clone)]
pub struct Standings(mpsc::UnboundedSender<Question>);

impl Standings {
    /// Reads that database's.
    pub fn start(store: Store) -> Self {
        let (questions, asked) = mpsc::unbounded_channel();
        tokio::spawn(answer_all(store, asked));
        Self(questions)
    }

    /// Where an account of book exchange stands now.
    pub async fn of(&self, network: NetworkId, account: Account) -> Answer {
        let gone = || Arc::new(StoreError::NoNetwork);
        let (answer, answered) = oneshot::channel();
        self.0.send(Question { network, account, answer }).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

async fn answer_all(store: Store, mut asked: mpsc::UnboundedReceiver<Question>) {
    let mut questions = Vec::new();
    while asked.recv_many(&mut questions, ACCOUNTS_MOST).await > 0 {
        let mut by_network: BTreeMap<NetworkId, Vec<Question>> = BTreeMap::new();
        for question in questions.drain(..) {
            by_network.entry(question.network).or_default().push(question);
        }
        for (network, questions) in by_network {
            let mut accounts: Vec<_> = questions.iter().map(|question| question.account).collect();
            accounts.sort_unstable();
            accounts.dedup();
            let read = store.standings(network, &accounts).await.map_err(Arc::new);
            for question in questions {
                let answer = match &read {
                    Ok(standings) => Ok(standings.get(&question.account).copied().unwrap_or_default()),
                    Err(error) => Err(Arc::clone(error)),
                };
                // Whoever no longer waits does not need the answer.
                let _ = question.answer.send(answer);
            }
        }
    }
}
