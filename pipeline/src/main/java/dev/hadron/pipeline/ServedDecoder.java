package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.algorithm.rotation.OnlineRotation;
import dev.hadron.calibration.FakeQuantizeHooks;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.error.InvalidInputException;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.QuantizedWeights;
import dev.hadron.model.arch.Architectures;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import java.io.IOException;

/**
 * A checkpoint, floating point or quantized, as it will be served: weights decoded from their packed form, activations and cache
 * through their quantized form.
 */
final class ServedDecoder {
    private ServedDecoder() {}

    /** What the checkpoint's configuration says. */
    static DecoderSpec specOf(Checkpoint checkpoint) {
        ModelConfig config = new ModelConfig(checkpoint.config());
        return Architectures.of(config).spec(config);
    }

    /** The decoder of a checkpoint, which must stay open. */
    static Decoder of(Checkpoint checkpoint, TensorRuntime runtime) throws IOException {
        DecoderSpec spec = specOf(checkpoint);
        if (checkpoint.quantMethod().isEmpty()) {
            return new Decoder(spec, new FloatWeights(checkpoint), runtime, LinearHooks.NONE);
        }
        QuantizedCheckpoint quantized = QuantizedCheckpoint.of(checkpoint);
        FakeQuantizeHooks hooks = new FakeQuantizeHooks(runtime);
        for (LayerFormat layer : quantized.layers().values()) {
            hooks.add(layer, quantized.activations(layer));
        }
        OnlineRotation online = Algorithms.onlineRotation(quantized.config(), spec, runtime);
        return new Decoder(spec, new QuantizedWeights(checkpoint, quantized), runtime, online.around(hooks));
    }

    /**
     * The negative log likelihood of a window's tokens, summed.
     *
     * @param who what messages begin with
     * @throws InvalidInputException when it is NaN or infinite
     */
    static double loss(TensorRuntime runtime, DeviceTensor logits, long[] tokens, int window, String who) {
        double sum = runtime.negativeLogLikelihood(logits, tokens);
        if (!Double.isFinite(sum)) {
            throw new InvalidInputException(who + ": the model's outputs for window " + window
                    + " of the text are NaN or infinite; the model or its weights are broken");
        }
        return sum;
    }
}
