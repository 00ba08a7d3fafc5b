package dev.hadron.checkpoint.safetensors;

import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a tensor have been handed over: each exactly once, in any order. */
final class Coverage {
    private final long size;
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    Coverage(long size) {
        this.size = size;
    }

    /** Whether no byte is missing. */
    boolean isWhole() {
        return size == 0 || (ends.size() == 1 && ends.firstEntry().equals(Map.entry(0L, size)));
    }

    /** The first byte that is missing. */
    long firstMissing() {
        Map.Entry<Long, Long> first = ends.firstEntry();
        return first == null || first.getKey() > 0 ? 0 : first.getValue();
    }

    /** Adds {@code from} to {@code to}; false, and nothing is added, when they aren't within the tensor or some are there already. */
    boolean add(long from, long to) {
        if (from < 0 || from > to || to > size) {
            return false;
        }
        if (from == to) {
            return true;
        }
        Map.Entry<Long, Long> before = ends.lowerEntry(to);
        if (before != null && before.getValue() > from) {
            return false;
        }
        long begin = before != null && before.getValue() == from ? before.getKey() : from;
        Long joined = ends.remove(to);
        ends.put(begin, joined == null ? to : joined);
        return true;
    }
}
