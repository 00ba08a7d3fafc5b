package dev.hadron.pipeline.work;

import dev.hadron.algorithm.layer.LayerResult;
import dev.hadron.algorithm.layer.Streams;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder that holds the state of a run:
 *
 * <ul>
 *   <li>{@code state.json}: the version of this form, what the run is made from, how many results are complete
 *   <li>{@code layer-00000.safetensors}, …: the {@linkplain LayerFile results}
 *   <li>{@code original-0.activations}, …: what windows carry into the next layer
 *   <li>{@code lock}: held by the process that works here
 * </ul>
 *
 * <p>{@code state.json} is replaced after a result and the streams are on the disk. A process may be killed at any moment: what it was doing is
 * done again.
 */
public final class WorkFolder implements Streams, AutoCloseable {
    private static final int FORMAT = 1;
    private static final String STATE = "state.json";
    private static final String LOCK = "lock";
    private static final String SCRATCH = "scratch.activations";

    private final Path folder;
    private final ObjectNode identity;
    private final FileChannel lockFile;
    private int done;

    private WorkFolder(Path folder, ObjectNode identity, FileChannel lockFile, int done) {
        this.folder = folder;
        this.identity = identity;
        this.lockFile = lockFile;
        this.done = done;
    }

    /**
     * Opens a folder, which is made if it isn't there.
     *
     * @param identity what the run is made from; a run with another one can't go on here
     * @param resume whether a run that was stopped goes on
     * @throws InvalidInputException when the folder holds a state and {@code resume} isn't asked for, the state is another run's, or another
     *     process works here
     */
    public static WorkFolder open(Path folder, ObjectNode identity, boolean resume) throws IOException {
        requireOwn(folder);
        Files.createDirectories(folder);
        FileChannel lock = lock(folder);
        try {
            Path state = folder.resolve(STATE);
            int done = Files.exists(state) ? resumed(state, identity, resume) : 0;
            WorkFolder opened = new WorkFolder(folder, identity, lock, done);
            if (done == 0) {
                opened.writeState();
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** How many results are complete. */
    public int done() {
        return done;
    }

    /** Stores the next result. */
    public void store(LayerResult result, Supplier<TensorRuntime> runtime, Function<String, WorkingType> types)
            throws IOException {
        try {
            new LayerFile(runtime, result, types).write(file(done));
            done++;
            writeState();
        } catch (IOException e) {
            throw new IOException("the state can't be written to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** All results that are complete. */
    public Changes changes(QuantizationPlan plan) throws IOException {
        StoredResults results = new StoredResults(plan);
        for (int result = 0; result < done; result++) {
            results.add(file(result));
        }
        return results.changes();
    }

    @Override
    public ActivationStore open(String name) throws IOException {
        return ActivationStore.inFile(folder.resolve(name + ".activations"));
    }

    @Override
    public ActivationStore scratch() throws IOException {
        Path file = folder.resolve(SCRATCH);
        Files.deleteIfExists(file);
        return ActivationStore.inFile(file);
    }

    /** Deletes the folder, or what it holds of a run if there is anything else. */
    public void delete() throws IOException {
        lockFile.close();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (isOwn(file)) {
                    Files.delete(file);
                }
            }
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            if (left.iterator().hasNext()) {
                return;
            }
        }
        Files.delete(folder);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static int resumed(Path file, ObjectNode identity, boolean resume) throws IOException {
        if (!resume) {
            throw new InvalidInputException(file.resolveSibling("") + " holds the state of a run that was stopped;"
                    + " continue it with --resume, or delete the folder to begin anew");
        }
        ObjectNode state = StrictJson.readObject(file);
        int format = state.path("format").asInt(0);
        if (format != FORMAT) {
            throw new InvalidInputException(file + " has format " + format + ", but this version of Hadron reads "
                    + FORMAT + "; finish the run with the version that began it, or delete the folder");
        }
        JsonNode before = state.path("run");
        for (String key : identity.propertyNames()) {
            // As text, since a number that was read may be of another class than one that was not.
            if (!identity.path(key).toString().equals(before.path(key).toString())) {
                throw new InvalidInputException("the run in " + file.resolveSibling("") + " can't be continued: its "
                        + key + " differs (" + shown(before.path(key)) + " then, " + shown(identity.path(key))
                        + " now); repeat what it was started with, or delete the folder to begin anew");
            }
        }
        return state.path("done").asInt(0);
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() > 120 ? text.substring(0, 117) + "..." : text;
    }

    private void writeState() throws IOException {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("format", FORMAT);
        state.set("run", identity);
        state.put("done", done);
        Path beside = folder.resolve(STATE + ".part");
        Files.deleteIfExists(beside);
        StrictJson.write(beside, state);
        force(beside);
        Files.move(beside, folder.resolve(STATE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private Path file(int result) {
        return folder.resolve(String.format(Locale.ROOT, "layer-%05d.safetensors", result));
    }

    /** Nothing is written into, or deleted from, a folder that is something else. */
    private static void requireOwn(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InvalidInputException("the work folder " + folder + " is a file; name a folder");
        }
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(STATE))) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    if (!isOwn(file)) {
                        throw new InvalidInputException("the work folder " + folder + " holds " + file.getFileName()
                                + ", which isn't part of a run's state; name an empty folder or one that isn't there");
                    }
                }
            }
        }
    }

    private static boolean isOwn(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.equals(LOCK)
                || name.startsWith(STATE)
                || name.endsWith(".activations")
                || name.matches("layer-\\d+\\.safetensors(\\.part)?");
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new InvalidInputException(
                    "another process works in " + folder + "; wait for it, or name another --work-dir");
        }
        return channel;
    }
}
