package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.quantizer.Dequantizer;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.Optional;

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
        Optional<LayerFormat> format = format(tensor);
        if (format.isEmpty()) {
            return others.load(tensor, arena);
        }
        try (Arena scratch = Arena.ofShared()) {
            return Dequantizer.dequantize(quantized.weight(format.get(), scratch), arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadInto(String tensor, Tensor target) {
        if (format(tensor).isEmpty()) {
            others.loadInto(tensor, target);
        } else {
            WeightSource.super.loadInto(tensor, target);
        }
    }

    @Override
    public Tensor loadRows(String tensor, long[] rows, Arena arena) {
        return format(tensor).isEmpty()
                ? others.loadRows(tensor, rows, arena)
                : WeightSource.super.loadRows(tensor, rows, arena);
    }

    private Optional<LayerFormat> format(String tensor) {
        return tensor.endsWith(WEIGHT)
                ? Optional.ofNullable(quantized.layers().get(tensor.substring(0, tensor.length() - WEIGHT.length())))
                        .filter(format -> format.weight().isPresent())
                : Optional.empty();
    }
}
