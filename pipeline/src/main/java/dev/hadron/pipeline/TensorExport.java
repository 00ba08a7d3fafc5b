package dev.hadron.pipeline;

import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.execution.Execution;
import dev.hadron.export.layout.Layout;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.ReusableArena;
import dev.hadron.tensor.Tensor;
import dev.hadron.tensor.TensorSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All tensors of a model on their way from file to file. They are divided into pieces that depend on nothing else, which threads take one
 * after the other.
 */
final class TensorExport {
    /** Tensors that stay as they are go in pieces that fit a core's cache, to be copied and summed up from there. */
    private static final long COPIED_PIECE = 1L << 19;

    private final QuantizedModel model;
    private final Layout layout;
    private final CheckedWriter writer;
    private final TensorFiles files;
    private final Execution execution;
    private final ProgressCount progress;
    private final MemoryBudget budget;
    private final List<WeightExport> weights = new ArrayList<>();
    private final List<Piece> slices = new ArrayList<>();
    private final List<Piece> copies = new ArrayList<>();
    private long quantizedWeights;

    /** The work on some bytes of the source. */
    private record Piece(long bytes, Work work) {}

    @FunctionalInterface
    private interface Work {
        void run(ReusableArena arena) throws IOException;
    }

    TensorExport(
            QuantizedModel model,
            Layout layout,
            CheckedWriter writer,
            TensorFiles files,
            MemoryBudget budget,
            Execution execution) {
        this.model = model;
        this.layout = layout;
        this.writer = writer;
        this.files = files;
        this.execution = execution;
        this.progress = new ProgressCount(execution);
        this.budget = budget;
    }

    /** Adds a tensor of the source, and what is done to the layer whose weight it is. */
    void add(TensorInfo tensor, @Nullable LayerPlan layer) {
        if (layer == null || layer.weight().isEmpty()) {
            addCopy(model.changes().valuesOf(tensor), tensor.name());
        } else {
            addWeight(tensor, layer);
        }
        if (layer != null) {
            copies.add(new Piece(0, unused -> writeActivations(layer)));
        }
    }

    /** Does the work. */
    WrittenModel run() throws IOException {
        try (Workspaces workspaces = new Workspaces()) {
            List<Piece> scans = weights.stream()
                    .filter(WeightExport::needsScan)
                    .map(weight ->
                            new Piece(weight.bytes(weight.slices().getFirst()), arena -> weight.scan(files, arena)))
                    .toList();
            run(scans, workspaces, unused -> {});
            run(inOrder(), workspaces, piece -> progress.add(piece.bytes()));
        }
        return new WrittenModel(
                writer.pieces(),
                quantizedWeights,
                weights.stream().mapToLong(WeightExport::writtenBytes).sum(),
                weights.stream()
                        .filter(WeightExport::hasSmallScale)
                        .map(WeightExport::layer)
                        .toList(),
                weights.stream().map(WeightExport::quality).toList());
    }

    /**
     * One thread quantizes, the others copy what needs no quantizing: loops that a process has just begun to run are slow on every thread
     * until they are compiled.
     */
    private List<Piece> inOrder() {
        List<Piece> order = new ArrayList<>(slices);
        order.addAll(Math.min(1, order.size()), copies);
        return order;
    }

    private void addCopy(TensorInfo tensor, String name) {
        for (long at = 0; at < tensor.byteSize(); at += COPIED_PIECE) {
            long from = at;
            long bytes = Math.min(COPIED_PIECE, tensor.byteSize() - at);
            copies.add(new Piece(bytes, arena -> {
                MemorySegment piece = arena.unfilled(bytes);
                files.read(tensor, from, piece);
                writer.write(name, from, piece);
            }));
        }
    }

    private void addWeight(TensorInfo tensor, LayerPlan layer) {
        WeightExport weight = new WeightExport(
                layer, model.changes().valuesOf(tensor), model.changes().codesOf(layer.layer()), layout, budget);
        weights.add(weight);
        quantizedWeights += tensor.shape().elements();
        for (TensorSlice slice : weight.slices()) {
            slices.add(new Piece(weight.bytes(slice), arena -> weight.export(slice, files, arena, writer)));
        }
    }

    private void writeActivations(LayerPlan layer) throws IOException {
        Map<String, Tensor> packed = layout.packActivations(layer.format(), model.activations(layer));
        for (Map.Entry<String, Tensor> entry : packed.entrySet()) {
            writer.write(entry.getKey(), 0, entry.getValue().data());
        }
    }

    private void run(List<Piece> work, Workspaces workspaces, Consumer<Piece> done) throws IOException {
        try {
            execution.parallel().forEach(work.size(), item -> {
                run(work.get(item), workspaces);
                done.accept(work.get(item));
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void run(Piece piece, Workspaces workspaces) {
        execution.cancellation().check();
        budget.run(piece.bytes(), () -> {
            ReusableArena arena = workspaces.take();
            try {
                piece.work().run(arena);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                workspaces.giveBack(arena);
            }
        });
    }
}
