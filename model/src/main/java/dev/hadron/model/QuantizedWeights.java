package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.quantizer.Dequantizer;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;

/** The tensors of a quantized checkpoint: those of quantized layers decoded from their packed form, the others as they are. */
public final class QuantizedWeights implements WeightSource {
    private static final String WEIGHT = ".weight";

    private final QuantizedCheckpoint quantized;
    private final FloatWeights others;

    /** Weights of a checkpoint, which must stay open. */
    public QuantizedWeights(Checkpoint checkpoint, QuantizedCheckpoint quantized) {
        this.quantized = quantized;
        this.others = new FloatWeights(checkpoint);
    }

    @Override
    public boolean has(String tensor) {
        return others.has(tensor);
    }

    @Override
    public Tensor load(String tensor, Arena arena) {
        LayerFormat format = tensor.endsWith(WEIGHT)
                ? quantized.layers().get(tensor.substring(0, tensor.length() - WEIGHT.length()))
                : null;
        if (format == null || format.weight().isEmpty()) {
            return others.load(tensor, arena);
        }
        try (Arena scratch = Arena.ofShared()) {
            return Dequantizer.dequantize(quantized.weight(format, scratch), arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
