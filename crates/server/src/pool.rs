//! A pool of connections of the synchronous store: made when needed, given back when sound.

use crate::problem::Problem;
use denghuo_store::{Conn, Store};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The pool.
pub struct Pool {
    store: Store,
    idle: Mutex<Vec<Conn>>,
    places: Arc<Semaphore>,
}

impl Pool {
    /// A pool of at most `size` connections.
    pub fn new(store: Store, size: usize) -> Self {
        Self { store, idle: Mutex::new(Vec::new()), places: Arc::new(Semaphore::new(size.max(1))) }
    }

    /// A place among those that work.
    ///
    /// # Errors
    /// None became free in time.
    pub async fn place(&self, wait: Duration) -> Result<OwnedSemaphorePermit, Problem> {
        match tokio::time::timeout(wait, self.places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Problem::busy()),
        }
    }

    /// Does `work` with a connection, on a thread that may block. A connection whose work failed is not used again.
    ///
    /// # Errors
    /// What `work` returns, or a database that cannot be reached.
    pub fn with<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Problem>) -> Result<T, Problem> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut conn = match kept {
            Some(conn) => conn,
            None => self.store.connect()?,
        };
        let result = work(&mut conn);
        if result.as_ref().err().is_none_or(|problem| !problem.is_failure()) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
        result
    }
}

impl Drop for Pool {
    /// Connections are closed on a thread of their own: closing one blocks, and the last owner may stand in the runtime.
    fn drop(&mut self) {
        let idle = std::mem::take(self.idle.get_mut().unwrap_or_else(PoisonError::into_inner));
        if !idle.is_empty() {
            let _ = std::thread::spawn(move || drop(idle)).join();
        }
    }
}
