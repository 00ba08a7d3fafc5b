package dev.hadron.checkpoint;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.InvalidInputException;
import dev.hadron.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A model folder in the Hugging Face layout, opened for reading.
 *
 * <p>It is made of
 * <ul>
 *   <li>{@code config.json}, which must be there and hold a JSON object;
 *   <li>{@code model.safetensors}; or, where that is missing, {@code model.safetensors.index.json} and the files that it
 *       names. If both are there the single file is the model, as Transformers has it;
 *   <li>files that are carried along unread ({@link #carriedFiles}).
 * </ul>
 *
 * <p>An index may only name files of its own folder, without any separator. These, like {@code config.json}, may be links
 * to wherever: the cache of Hugging Face keeps every file of a snapshot as a link into another folder, and whoever can
 * place links in a folder can also place files.
 *
 * <p>Opening reads headers, whatever the size of the model. Tensors are mapped one at a time and each has its own
 * {@code close}; a checkpoint keeps no file open. Any thread may use it.
 */
public final class Checkpoint implements AutoCloseable {
    private final Path folder;
    private final JsonNode config;
    private final Map<String, TensorInfo> tensors;
    private volatile boolean closed;

    private Checkpoint(Path folder, JsonNode config, Map<String, TensorInfo> tensors) {
        this.folder = folder;
        this.config = config;
        this.tensors = tensors;
    }

    /**
     * Reads configuration, index and headers of a folder.
     *
     * @throws InvalidInputException when there is no such folder
     * @throws CheckpointFormatException when something in it is missing, malformed or contradicts the rest
     */
    public static Checkpoint open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    Files.exists(folder)
                            ? folder + " is a file; name the folder that holds config.json and the weights"
                            : folder + " doesn't exist; name the folder that holds config.json and the weights");
        }
        if (!Files.isReadable(folder)) {
            throw new InvalidInputException(folder + " can't be read; change its permissions");
        }
        Path configFile = folder.resolve(WeightFiles.CONFIG);
        if (!Files.exists(configFile, LinkOption.NOFOLLOW_LINKS)) {
            throw new CheckpointFormatException(
                    folder + " has no config.json, so it isn't a model folder in the Hugging Face layout;"
                            + " name the folder that holds config.json and the weights");
        }
        CheckpointTensors.requireRegular(configFile);
        JsonNode config = StrictJson.readObject(configFile);
        return new Checkpoint(folder, config, CheckpointTensors.find(folder));
    }

    /**
     * The tensors of a single safetensors file, in the order in which they lie there.
     *
     * @throws CheckpointFormatException naming what is wrong with it
     */
    public static List<TensorInfo> tensorsOf(Path file) throws IOException {
        return CheckpointTensors.ofFile(file);
    }

    /** The folder, as it was given. */
    public Path folder() {
        return folder;
    }

    /** The content of {@code config.json}: a JSON object, which callers don't change. */
    public JsonNode config() {
        return config;
    }

    /** All tensors: file by file in the order of their names, within a file by offset. */
    public List<TensorInfo> tensors() {
        return List.copyOf(tensors.values());
    }

    /** The tensor of that name, if there is one. */
    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /**
     * The tensor of that name.
     *
     * @throws CheckpointFormatException naming the nearest ones, when there is none
     */
    public TensorInfo require(String name) {
        TensorInfo tensor = tensors.get(name);
        if (tensor != null) {
            return tensor;
        }
        List<String> nearest = NearestNames.of(name, tensors.keySet());
        throw new CheckpointFormatException(folder + " has no tensor " + Quoted.of(name)
                + (nearest.isEmpty()
                        ? ""
                        : "; the nearest names are "
                                + nearest.stream().map(Quoted::of).collect(Collectors.joining(", "))));
    }

    /** Maps a whole tensor; the caller closes it. */
    public MappedTensor map(String name) throws IOException {
        TensorInfo tensor = require(name);
        checkOpen();
        return MappedTensor.of(tensor.file(), tensor.offset(), tensor.type(), tensor.shape());
    }

    /**
     * Maps {@code rows} indices of axis 0, from {@code firstRow} on, with all that is behind them; the caller closes it.
     *
     * @throws IndexOutOfBoundsException when the tensor hasn't got these rows
     */
    public MappedTensor mapRows(String name, long firstRow, long rows) throws IOException {
        TensorInfo tensor = require(name);
        checkOpen();
        if (tensor.shape().rank() == 0) {
            throw new IllegalArgumentException("tensor " + Quoted.of(name) + " is a scalar and has no rows");
        }
        long[] extents = tensor.shape().toArray();
        Objects.checkFromIndexSize(firstRow, rows, extents[0]);
        long rowBytes = extents[0] == 0 ? 0 : tensor.byteSize() / extents[0];
        extents[0] = rows;
        return MappedTensor.of(tensor.file(), tensor.offset() + firstRow * rowBytes, tensor.type(), Shape.of(extents));
    }

    /**
     * The files that a model made from this one takes over unchanged, relative to the folder and sorted: all at its top and
     * in {@code additional_chat_templates} except {@code config.json}, weights of any format and hidden files.
     *
     * @throws CheckpointFormatException when one of them is a link to nothing
     */
    public List<Path> carriedFiles() throws IOException {
        return CarriedFiles.of(folder);
    }

    /** How many bytes the elements of all tensors take. */
    public long byteSize() {
        return tensors.values().stream().mapToLong(TensorInfo::byteSize).sum();
    }

    /**
     * The method by which the model is quantized already: {@code quantization_config.quant_method} of the configuration.
     *
     * @throws CheckpointFormatException when there is a {@code quantization_config} that doesn't say
     */
    public Optional<String> quantMethod() {
        JsonNode quantization = config.path("quantization_config");
        if (quantization.isMissingNode()
                || quantization.isNull()
                || (quantization.isObject() && quantization.isEmpty())) {
            return Optional.empty();
        }
        JsonNode method = quantization.path("quant_method");
        if (!method.isString()) {
            throw new CheckpointFormatException(folder.resolve(WeightFiles.CONFIG)
                    + " must have a string as quantization_config.quant_method, but has " + StrictJson.kind(method)
                    + "; remove quantization_config if the model isn't quantized");
        }
        return Optional.of(method.stringValue());
    }

    /** From now on no tensor can be mapped; those that are stay so until they are closed themselves. */
    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the checkpoint " + folder + " is closed");
        }
    }
}
