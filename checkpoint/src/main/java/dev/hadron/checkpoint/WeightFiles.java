package dev.hadron.checkpoint;

import dev.hadron.checkpoint.safetensors.SafetensorsIndex;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which files of a model folder are weights, judged by their names; and what to tell a user who only has the wrong kind. */
final class WeightFiles {
    static final String CONFIG = "config.json";

    private static final String NEEDED = SafetensorsIndex.SINGLE_FILE + " or " + SafetensorsIndex.FILE;

    private enum Format {
        SAFETENSORS("", ".safetensors"),
        PICKLE(
                "pickle files aren't read, because loading one runs its code; convert the model to safetensors first"
                        + " (save_pretrained of Transformers does)",
                ".bin",
                ".pt",
                ".pth",
                ".ckpt",
                ".pkl"),
        GGUF("GGUF files aren't read; get the model's safetensors release", ".gguf", ".ggml"),
        ONNX("ONNX files aren't read; get the model's safetensors release", ".onnx", ".onnx_data", ".onnx.data"),
        OTHER(
                "weights of TensorFlow, Flax and other frameworks aren't read; get the model's safetensors release",
                ".h5",
                ".msgpack",
                ".npz",
                ".tflite",
                ".ot",
                ".pdparams",
                ".mlmodel",
                ".nemo");

        private final String advice;
        private final List<String> extensions;

        Format(String advice, String... extensions) {
            this.advice = advice;
            this.extensions = List.of(extensions);
        }

        private boolean has(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return extensions.stream().anyMatch(lower::endsWith);
        }
    }

    private WeightFiles() {}

    /** Whether a file holds weights in any format, or says which files do. */
    static boolean isWeights(String name) {
        return Arrays.stream(Format.values()).anyMatch(format -> format.has(name)) || name.endsWith(".index.json");
    }

    /** The end of a sentence that begins with a folder and has no safetensors weights to speak of. */
    static String missing(Path folder) throws IOException {
        List<String> names = names(folder);
        Optional<String> part = names.stream()
                .filter(name -> name.matches("model-\\d+-of-\\d+\\.safetensors"))
                .findFirst();
        if (part.isPresent()) {
            return "has " + part.get() + " but no " + SafetensorsIndex.FILE
                    + ", which says where each tensor is; get that file too";
        }
        if (names.contains("adapter_model.safetensors")) {
            return "has no " + NEEDED + ", only adapter_model.safetensors; merge the adapter into its base model first";
        }
        for (Format format : Format.values()) {
            Optional<String> other = names.stream().filter(format::has).findFirst();
            if (other.isPresent()) {
                String found = "has no " + NEEDED + ", only " + other.get();
                return format == Format.SAFETENSORS
                        ? found + "; rename that file if it is the model"
                        : found + "; " + format.advice;
            }
        }
        return "has no weights: neither " + SafetensorsIndex.SINGLE_FILE + " nor " + SafetensorsIndex.FILE;
    }

    private static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        Collections.sort(names);
        return names;
    }
}
