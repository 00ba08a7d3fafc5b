package dev.hadron.checkpoint.torchfile;

import java.util.ArrayList;
import java.util.List;

/** What the opcodes of a pickle work on: values, marks among them, and values put aside under numbers. */
final class PickleStack {
    private final PickleBytes bytes;
    private final List<PickleValue> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    /** For failures. */
    PickleStack(PickleBytes bytes) {
        this.bytes = bytes;
    }

    void push(PickleValue value) {
        values.add(value);
    }

    void mark() {
        marks.add(values.size());
    }

    PickleValue pop() {
        top();
        return values.removeLast();
    }

    /** The last value, which stays. */
    PickleValue top() {
        if (values.size() == (marks.isEmpty() ? 0 : marks.getLast())) {
            throw bytes.failure("takes a value that isn't there; the file is damaged, get it again");
        }
        return values.getLast();
    }

    /** The last values, in order, which are removed. */
    List<PickleValue> pop(int count) {
        List<PickleValue> popped = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            popped.add(pop());
        }
        return popped.reversed();
    }

    /** All since the last mark, in order; they and the mark are removed. */
    List<PickleValue> popToMark() {
        if (marks.isEmpty()) {
            throw bytes.failure("goes back to a mark that isn't there; the file is damaged, get it again");
        }
        List<PickleValue> since = values.subList(marks.removeLast(), values.size());
        List<PickleValue> popped = List.copyOf(since);
        since.clear();
        return popped;
    }

    boolean isEmpty() {
        return values.isEmpty() && marks.isEmpty();
    }
}
