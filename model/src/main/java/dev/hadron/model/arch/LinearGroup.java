package dev.hadron.model.arch;

import java.util.List;

/**
 * Linear layers that read the same tensor.
 *
 * @param linears their modules' names
 */
public record LinearGroup(List<String> linears) {
    /** Copies the list. */
    public LinearGroup {
        linears = List.copyOf(linears);
    }

    static LinearGroup of(Linear... linears) {
        return new LinearGroup(List.of(linears).stream().map(Linear::name).toList());
    }
}
