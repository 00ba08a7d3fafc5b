package dev.hadron.checkpoint;

import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a quantized model takes over from its source unchanged: tokenizer, generation settings, chat template, custom code,
 * license, model card.
 *
 * <p>These are the regular files at the top of the folder, and those of {@code additional_chat_templates}, which is the one
 * subfolder that Transformers reads; other subfolders hold the same weights once more ({@code original}, {@code onnx}) or
 * pictures. Left out are {@code config.json}, weights and indexes of any format, hidden files, and what an interrupted
 * download leaves. A link counts as the file it leads to, since the Hugging Face cache consists of links.
 */
final class CarriedFiles {
    private static final String TEMPLATES = "additional_chat_templates";
    private static final List<String> UNFINISHED = List.of(".incomplete", ".part", ".tmp", ".lock");

    private CarriedFiles() {}

    /** Paths relative to {@code folder}, sorted. */
    static List<Path> of(Path folder) throws IOException {
        List<Path> carried = new ArrayList<>();
        collect(folder, folder, carried);
        Path templates = folder.resolve(TEMPLATES);
        if (Files.isDirectory(templates)) {
            collect(folder, templates, carried);
        }
        return carried.stream().sorted().toList();
    }

    private static void collect(Path folder, Path within, List<Path> carried) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(within)) {
            for (Path file : files) {
                if (!isCarried(String.valueOf(file.getFileName()))) {
                    continue;
                }
                if (Files.isRegularFile(file)) {
                    carried.add(folder.relativize(file));
                } else if (Files.isSymbolicLink(file) && !Files.exists(file)) {
                    throw new CheckpointFormatException(file + " is a link to " + Files.readSymbolicLink(file)
                            + ", which doesn't exist; the download may be incomplete");
                } else if (!Files.isDirectory(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new CheckpointFormatException(file + " is neither a file nor a folder; remove it");
                }
            }
        }
    }

    private static boolean isCarried(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".")
                && !lower.equals(WeightFiles.CONFIG)
                && !WeightFiles.isWeights(name)
                && UNFINISHED.stream().noneMatch(lower::endsWith);
    }
}
