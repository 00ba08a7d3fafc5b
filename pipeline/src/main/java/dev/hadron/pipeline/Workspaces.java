package dev.hadron.pipeline;

import dev.hadron.tensor.ReusableArena;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory that threads lend for a piece of work; there are as many as threads have worked at once. */
final class Workspaces implements AutoCloseable {
    private final Deque<ReusableArena> free = new ArrayDeque<>();

    /** An arena with nothing in it. */
    synchronized ReusableArena take() {
        return free.isEmpty() ? new ReusableArena() : free.pop();
    }

    /** Gives an arena back; nothing that it holds may be used any more. */
    void giveBack(ReusableArena arena) {
        arena.reset();
        synchronized (this) {
            free.push(arena);
        }
    }

    /** Frees all that were given back. */
    @Override
    public synchronized void close() {
        free.forEach(ReusableArena::close);
        free.clear();
    }
}
