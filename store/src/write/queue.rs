//! What waits to be written in a network, and what of it shares a commit.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::{
    StoreError,
    write::{
        asking::{Answer, Work},
        room::Taken,
    },
};

/// Where the answer to a piece of work goes.
type Caller = oneshot::Sender<Result<Answer, Arc<StoreError>>>;

/// A piece of work, and who waits for it.
pub(crate) struct Item {
    pub(crate) work: Work,
    pub(crate) answer: Caller,
    /// Room in the queue, given back when it is answered.
    pub(crate) room: Taken,
}

/// Items that share a commit.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) works: Vec<Work>,
    /// Each with its room in the queue.
    callers: Vec<(Caller, Taken)>,
}

impl Batch {
    fn push(&mut self, Item { work, answer, room }: Item) {
        self.works.push(work);
        self.callers.push((answer, room));
    }

    /// How many requests it has.
    pub(crate) fn weight(&self) -> usize {
        self.works.iter().map(|work| work.requests().len()).sum()
    }

    pub(crate) fn answer(self, answers: impl IntoIterator<Item = Result<Answer, Arc<StoreError>>>) {
        let Self { works, callers } = self;
        // Whoever keeps what they asked has it to themselves when they are answered.
        drop(works);
        for ((caller, room), answer) in callers.into_iter().zip(answers) {
            drop(room);
            // Whoever no longer waits does not need the answer.
            let _ = caller.send(answer);
        }
    }
}

/// What waits to be written in a network.
pub(crate) struct Queue {
    /// What was taken from the queue, and has to wait for a later batch.
    waiting: VecDeque<Item>,
    items: mpsc::UnboundedReceiver<Item>,
}

impl Queue {
    pub(crate) fn new(items: mpsc::UnboundedReceiver<Item>) -> Self {
        Self { waiting: VecDeque::new(), items }
    }

    /// A batch of what is queued, as soon as there is something; `None` when nothing can come any more. Nothing is lost
    /// where this is given up meanwhile.
    pub(crate) async fn batch(&mut self, most: usize) -> Option<Batch> {
        if self.waiting.is_empty() {
            let first = self.items.recv().await?;
            self.waiting.push_back(first);
        }
        self.batch_now(most)
    }

    /// What is queued, up to a bound, without waiting.
    pub(crate) fn batch_now(&mut self, most: usize) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut weight = 0;
        let is_solitary = self.is_next_solitary()?;
        while let Some(item) = self.waiting.pop_front() {
            weight += item.work.requests().len();
            let fits = !is_solitary && !item.work.is_solitary() && weight <= most;
            if !batch.works.is_empty() && !fits {
                self.waiting.push_front(item);
                break;
            }
            batch.push(item);
        }
        Some(batch)
    }

    /// The same, where it may be decided while another batch is written.
    pub(crate) fn batch_beside(&mut self, most: usize) -> Option<Batch> {
        if self.is_next_solitary()? { None } else { self.batch_now(most) }
    }

    fn is_next_solitary(&mut self) -> Option<bool> {
        self.take_in();
        self.waiting.front().map(|item| item.work.is_solitary())
    }

    /// How many items wait.
    pub(crate) fn len(&mut self) -> usize {
        self.take_in();
        self.waiting.len()
    }

    fn take_in(&mut self) {
        while let Ok(item) = self.items.try_recv() {
            self.waiting.push_back(item);
        }
    }

    /// Puts items of a batch back, from one on.
    pub(crate) fn put_back(&mut self, batch: &mut Batch, from: usize) {
        let works = batch.works.drain(from..).rev();
        for (work, (answer, room)) in works.zip(batch.callers.drain(from..).rev()) {
            self.waiting.push_front(Item { work, answer, room });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::room::{Room, Share};
    use ledger::{
        Digest,
        command::{By, Command, Key, Request},
        year::Year,
    };

    /// A queue of these, each named by a letter. What is upper case is solitary.
    fn queue(names: &str) -> Queue {
        let share = Arc::new(Share::of(Arc::new(Room::new(100))));
        let (sender, items) = mpsc::unbounded_channel();
        for name in names.chars() {
            let command = match name {
                'A'..='Z' => Command::CloseYear { year: Year(2025) },
                _ => Command::AddSkill { name: name.to_string() },
            };
            let key = Key { scope: "test".to_owned(), key: name.to_string() };
            let request = Request {
                key,
                digest: Digest([0; 32]),
                by: By::OPERATOR,
                seen: None,
                generation: None,
                long_ago: false,
                command,
            };
            let room = share.take(1).unwrap();
            let work = Work::One(Box::new(request));
            assert!(sender.send(Item { work, answer: oneshot::channel().0, room }).is_ok());
        }
        Queue::new(items)
    }

    fn names(batch: &Batch) -> String {
        batch.works.iter().flat_map(Work::requests).map(|request| request.key.key.as_str()).collect()
    }

    fn batches(queue: &mut Queue, most: usize) -> Vec<String> {
        std::iter::from_fn(|| queue.batch_now(most)).map(|batch| names(&batch)).collect()
    }

    #[test]
    fn batches_keep_the_order_and_what_is_solitary_is_alone() {
        for (queued, most, expected) in [
            ("abcde", 2, vec!["ab", "cd", "e"]),
            ("abcde", 100, vec!["abcde"]),
            ("abCde", 100, vec!["ab", "C", "de"]),
            ("AbC", 100, vec!["A", "b", "C"]),
        ] {
            assert_eq!(batches(&mut queue(queued), most), expected, "{queued}");
        }
    }

    #[test]
    fn what_is_put_back_comes_first_and_what_is_solitary_is_not_decided_beside_others() {
        let mut queue = queue("abcD");
        let mut batch = queue.batch_beside(2).unwrap();
        queue.put_back(&mut batch, 1);
        assert_eq!((names(&batch).as_str(), queue.len()), ("a", 3));
        assert_eq!(names(&queue.batch_beside(100).unwrap()), "bc");
        assert!(queue.batch_beside(100).is_none());
        assert_eq!(batches(&mut queue, 100), ["D"]);
    }
}
