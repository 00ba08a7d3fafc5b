package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.ConfigJson;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a run that is to be continued must have in common with what it was begun with. */
final class RunIdentity {
    private static final int SAMPLES = 64;
    private static final int SAMPLE_BYTES = 1 << 16;

    private RunIdentity() {}

    /**
     * The identity of a run.
     *
     * @param threads how many work at once
     * @param runtime what runs the model
     */
    static ObjectNode of(
            Checkpoint source,
            QuantizationPlan plan,
            List<long[]> windows,
            long seed,
            int threads,
            String runtime,
            String device)
            throws IOException {
        ObjectNode identity = JsonNodeFactory.instance.objectNode();
        identity.put("version", HadronVersion.current());
        identity.put("model", model(source));
        identity.set("config", ConfigJson.toTree(plan.config()));
        identity.put("quantized layers", layers(plan));
        identity.put("calibration data", data(windows));
        identity.put("seed", seed);
        identity.put("threads", threads);
        identity.put("runtime", runtime);
        identity.put("device", device);
        return identity;
    }

    private static String layers(QuantizationPlan plan) {
        MessageDigest digest = sha256();
        // Not the plan itself: the text of a map has another order in each process.
        plan.layers().stream()
                .map(LayerPlan::format)
                .map(LayerFormat::toString)
                .forEach(layer -> digest.update(bytes(layer)));
        return hex(digest);
    }

    private static String data(List<long[]> windows) {
        MessageDigest digest = sha256();
        for (long[] window : windows) {
            ByteBuffer bytes =
                    ByteBuffer.allocate((window.length + 1) * Long.BYTES).putLong(window.length);
            for (long token : window) {
                bytes.putLong(token);
            }
            digest.update(bytes.flip());
        }
        return windows.size() + " windows, " + hex(digest);
    }

    /** Names, types and places of all tensors, and samples of their bytes: to read all of a large model would take minutes. */
    private static String model(Checkpoint source) throws IOException {
        MessageDigest digest = sha256();
        digest.update(bytes(source.config().toString()));
        for (TensorInfo tensor : source.tensors()) {
            digest.update(bytes(tensor.name() + tensor.type() + tensor.shape() + tensor.offset()));
        }
        List<Path> files =
                source.tensors().stream().map(TensorInfo::file).distinct().toList();
        for (Path file : files) {
            sample(file, digest);
        }
        return hex(digest);
    }

    private static void sample(Path file, MessageDigest digest) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer sample = ByteBuffer.allocate(SAMPLE_BYTES);
            for (int i = 0; i < SAMPLES; i++) {
                sample.clear();
                channel.read(sample, size / SAMPLES * i);
                digest.update(sample.flip());
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
