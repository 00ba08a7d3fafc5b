package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where the tensors of a file say they are: they must take the data section without a gap, an overlap or a rest. */
final class DataLayout {
    private record Extent(TensorEntry tensor, long begin, long end) {}

    private final Path file;
    private final long dataStart;
    private final long dataSize;
    private final List<Extent> extents = new ArrayList<>();

    DataLayout(Path file, long dataStart, long fileSize) {
        this.file = file;
        this.dataStart = dataStart;
        this.dataSize = fileSize - dataStart;
    }

    /** Takes a tensor whose {@code begin} and {@code end} aren't negative, if its size is what its shape says. */
    void add(String name, StorageType type, Shape shape, long begin, long end) {
        if (begin > end) {
            throw wrong(name, "has data_offsets [" + begin + ", " + end + "], which end before they begin");
        }
        // Not shape.elements() * bytes: that product may not fit 64 bits.
        long stored = end - begin;
        if (stored % type.bytes() != 0 || stored / type.bytes() != shape.elements()) {
            throw wrong(
                    name,
                    "has " + stored + " bytes of data, but its " + type + " elements of shape " + shape + " take "
                            + shape.elements() + " times " + type.bytes());
        }
        if (end > dataSize) {
            throw wrong(
                    name,
                    "ends at byte " + end + " of the data, of which the file has " + dataSize
                            + "; the file is truncated, get it again");
        }
        extents.add(new Extent(new TensorEntry(name, type, shape, dataStart + begin), begin, end));
    }

    /** All tensors by offset. */
    List<TensorEntry> inOrder() {
        extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
        long covered = 0;
        String before = "";
        for (Extent extent : extents) {
            String name = extent.tensor().name();
            if (extent.begin() < covered) {
                throw wrong(
                        name,
                        "begins at byte " + extent.begin() + " of the data, inside tensor " + Quoted.of(before)
                                + ", which ends at " + covered);
            }
            if (extent.begin() > covered) {
                throw wrong(
                        name,
                        "begins at byte " + extent.begin() + " of the data, but the bytes from " + covered
                                + " on belong to no tensor");
            }
            covered = extent.end();
            before = name;
        }
        if (covered < dataSize) {
            throw new CheckpointFormatException(file + " has " + (dataSize - covered)
                    + " bytes after its last tensor, where a safetensors file ends");
        }
        return extents.stream().map(Extent::tensor).toList();
    }

    private CheckpointFormatException wrong(String name, String problem) {
        return new CheckpointFormatException(file + ": tensor " + Quoted.of(name) + " " + problem);
    }
}
