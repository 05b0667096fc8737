//! The system's allocator with a bound: what would exceed it ends the process, through a function of C's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static USED: AtomicUsize = AtomicUsize::new(0);
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);
static EXCEEDED: AtomicUsize = AtomicUsize::new(0);

pub struct Counted;

pub fn limit(bytes: usize, exceeded: extern "C" fn()) {
    EXCEEDED.store(exceeded as usize, Relaxed);
    LIMIT.store(USED.load(Relaxed).saturating_add(bytes), Relaxed);
}

fn add(bytes: usize) {
    let used = USED.fetch_add(bytes, Relaxed);
    if used.saturating_add(bytes) > LIMIT.load(Relaxed) {
        refuse();
    }
}

#[cold]
fn refuse() {
    // Safety: the word is what limit() stored, a function of this type; only limit() lowers LIMIT.
    let exceeded: extern "C" fn() = unsafe { std::mem::transmute(EXCEEDED.load(Relaxed)) };
    exceeded();
}

unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        System.alloc(layout)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        System.dealloc(pointer, layout)
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(size);
        USED.fetch_sub(layout.size(), Relaxed);
        System.realloc(pointer, layout, size)
    }
}
