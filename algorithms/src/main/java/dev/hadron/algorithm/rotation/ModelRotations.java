package dev.hadron.algorithm.rotation;

import dev.hadron.checkpoint.RotationFile;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.error.ConfigException;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.numerics.Parallel;
import dev.hadron.rotation.Rotation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rotations of a model.
 *
 * @param stream R1, of the residual stream
 * @param values R2, of the values of each decoder layer; empty where values aren't rotated
 * @param queriesAndKeys whether queries and keys are multiplied by a Hadamard matrix, R3, while the model runs
 * @param intermediate whether the input of the last matrix of each feed-forward block is multiplied by a Hadamard matrix, R4, while the model
 *     runs
 */
public record ModelRotations(Rotation stream, List<Rotation> values, boolean queriesAndKeys, boolean intermediate) {
    /** R2 has other signs than R1, and each decoder layer others than the one before. */
    private static final long VALUES_SEED = 1;

    /** Copies the list. */
    public ModelRotations {
        values = List.copyOf(values);
    }

    /** The rotations of {@code rotation}: R1 alone. */
    public static ModelRotations of(RotationConfig config, DecoderSpec model, long seed) {
        return new ModelRotations(hadamard(model.hidden(), config.random(), seed), List.of(), false, false);
    }

    /**
     * The rotations of {@code quarot}.
     *
     * @throws ConfigException when the file of optimized rotations isn't for this model
     */
    public static ModelRotations of(QuaRotConfig config, DecoderSpec model, long seed, Parallel parallel)
            throws IOException {
        Rotation stream;
        List<Rotation> values;
        String path = config.optimizedRotationPath();
        if (path == null) {
            stream = hadamard(model.hidden(), config.random(), seed);
            values = IntStream.range(0, model.layers())
                    .mapToObj(layer -> hadamard(model.headWidth(), config.random2(), seed + VALUES_SEED + layer))
                    .toList();
        } else {
            RotationFile file = RotationFile.read(Path.of(path), Arena.ofAuto());
            stream = sized(file.r1(parallel), model.hidden(), "R1 in " + path);
            values = IntStream.range(0, model.layers())
                    .mapToObj(layer -> sized(
                            file.r2(layer, parallel),
                            model.headWidth(),
                            "R2 of decoder layer " + layer + " in " + path))
                    .toList();
        }
        return new ModelRotations(stream, values, rotatesQueriesAndKeys(config), rotatesIntermediate(config));
    }

    /** Whether anything has to be done while the model runs. */
    public boolean areOnline() {
        return queriesAndKeys || intermediate;
    }

    /** R3 makes a quantized cache better, and is left out without one. */
    public static boolean rotatesQueriesAndKeys(QuaRotConfig config) {
        return config.onlineHad() && config.kvCacheQuant();
    }

    /** R4 makes quantized activations better, and is left out without them. */
    public static boolean rotatesIntermediate(QuaRotConfig config) {
        return config.onlineHad() && config.actQuant();
    }

    private static Rotation hadamard(int size, boolean random, long seed) {
        return random ? Rotation.randomHadamard(size, seed) : Rotation.hadamard(size);
    }

    private static Rotation sized(Rotation rotation, int size, String name) {
        if (rotation.size() != size) {
            throw new ConfigException("quarot: " + name + " is of size " + rotation.size() + ", but this model needs "
                    + size + "; name the file that was made for it");
        }
        return rotation;
    }
}
