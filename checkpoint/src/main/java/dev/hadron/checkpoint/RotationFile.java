package dev.hadron.checkpoint;

import dev.hadron.checkpoint.safetensors.SafetensorsHeader;
import dev.hadron.checkpoint.safetensors.TensorEntry;
import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.torchfile.TorchFile;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Parallel;
import dev.hadron.rotation.Rotation;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rotations that somebody trained, as SpinQuant (Liu et al. 2024, arXiv:2405.16406) and tools after it keep them: one file, safetensors or
 * {@code torch.save}'s ({@code R.bin}), with square matrices named
 * <ul>
 *   <li>{@code R1}: of the residual stream, {@code [hidden, hidden]};
 *   <li>{@code model.layers.N.self_attn.R2}: of the heads of decoder layer N, {@code [head, head]}.
 * </ul>
 * {@code .weight} at the end of a name makes no difference; a name that is neither is refused.
 *
 * @param file where they come from
 * @param r1 the matrix of that name
 * @param r2 the others, by decoder layer
 */
public record RotationFile(Path file, Tensor r1, SortedMap<Integer, Tensor> r2) {
    private static final Pattern R1 = Pattern.compile("R1(\\.weight)?");
    private static final Pattern R2 = Pattern.compile("model\\.layers\\.(\\d{1,6})\\.self_attn\\.R2(\\.weight)?");

    /** Copies the map. */
    public RotationFile {
        r2 = Collections.unmodifiableSortedMap(new TreeMap<>(r2));
    }

    /**
     * Reads all matrices.
     *
     * @param arena what they are allocated from
     * @throws InvalidInputException when there is no such file
     * @throws CheckpointFormatException when it holds something else
     */
    public static RotationFile read(Path file, Arena arena) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(file + (Files.exists(file) ? " isn't a file" : " doesn't exist")
                    + "; name the file with the optimized rotations");
        }
        Map<String, Tensor> named = TorchFile.isTorch(file) ? TorchFile.read(file, arena) : safetensors(file, arena);
        Tensor r1 = null;
        SortedMap<Integer, Tensor> r2 = new TreeMap<>();
        for (Map.Entry<String, Tensor> entry : named.entrySet()) {
            Matcher layer = R2.matcher(entry.getKey());
            boolean twice;
            if (R1.matcher(entry.getKey()).matches()) {
                twice = r1 != null;
                r1 = entry.getValue();
            } else if (layer.matches()) {
                twice = r2.put(Integer.valueOf(layer.group(1)), entry.getValue()) != null;
            } else {
                throw new CheckpointFormatException(
                        file + " holds " + Quoted.of(entry.getKey())
                                + ", but optimized rotations are named R1 and model.layers.N.self_attn.R2; remove or rename it");
            }
            if (twice) {
                throw new CheckpointFormatException(
                        file + " holds the rotation " + Quoted.of(entry.getKey()) + " twice; remove one of them");
            }
        }
        if (r1 == null) {
            throw new CheckpointFormatException(
                    file + " holds no rotation named R1; name the file with the optimized rotations");
        }
        return new RotationFile(file, r1, r2);
    }

    /**
     * The rotation of the residual stream.
     *
     * @throws InvalidInputException when the matrix isn't square or isn't orthogonal
     */
    public Rotation r1(Parallel parallel) {
        return Rotation.dense(r1, "R1 in " + file, parallel);
    }

    /**
     * The rotation of the heads of a decoder layer.
     *
     * @throws CheckpointFormatException when the file has none for it
     * @throws InvalidInputException when the matrix isn't square or isn't orthogonal
     */
    public Rotation r2(int layer, Parallel parallel) {
        String name = "model.layers." + layer + ".self_attn.R2";
        Tensor matrix = r2.get(layer);
        if (matrix == null) {
            throw new CheckpointFormatException(file + " holds no rotation named " + name + ", but one for " + r2.size()
                    + " other layers; name a file that was made for this model");
        }
        return Rotation.dense(matrix, name + " in " + file, parallel);
    }

    private static Map<String, Tensor> safetensors(Path file, Arena arena) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (TensorFiles files = new TensorFiles()) {
            for (TensorEntry entry : SafetensorsHeader.read(file).tensors()) {
                TensorInfo info = new TensorInfo(entry.name(), entry.type(), entry.shape(), file, entry.offset());
                Tensor tensor = Tensor.allocate(arena, entry.type(), entry.shape());
                files.read(info, 0, info.byteSize(), tensor.data()::copyFrom);
                tensors.put(entry.name(), tensor);
            }
        }
        return tensors;
    }
}
