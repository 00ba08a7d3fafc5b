package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.Publication;
import dev.hadron.checkpoint.safetensors.ShardedSafetensorsWriter;
import dev.hadron.config.Config;
import dev.hadron.error.ConfigException;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.report.PeakMemory;
import dev.hadron.report.Perplexity;
import dev.hadron.report.QualityWarnings;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One model from a folder to a folder: checks, calibrates, quantizes, writes, verifies, publishes and, where a text is given,
 * measures what it cost.
 *
 * <p>Everything that can be refused is refused before the first byte is written. The result appears under its name only when it was
 * read back and found right; the tensor runtime is loaded only when the model is run.
 */
public final class QuantizationJob {
    private final Path model;
    private final Path output;
    private final Config config;
    private final ExportLayout layout;
    private final List<String> linear;
    private final long shardBytes;
    private final boolean overwrite;
    private final long seed;
    private final String device;
    private final @Nullable Calibration calibration;
    private final @Nullable EvaluationText evaluation;
    private final @Nullable Path workFolder;
    private final boolean resume;
    private final Execution execution;
    private final Consumer<String> noteListener;

    private QuantizationJob(Builder builder) {
        this.model = builder.model;
        this.output = builder.output;
        this.config = builder.config;
        this.layout = builder.layout;
        this.linear = builder.linear;
        this.shardBytes = builder.shardBytes;
        this.overwrite = builder.overwrite;
        this.seed = builder.seed;
        this.device = builder.device;
        this.calibration = builder.calibration;
        this.evaluation = builder.evaluation;
        this.workFolder = builder.workFolder;
        this.resume = builder.resume;
        this.execution = builder.execution;
        this.noteListener = builder.noteListener;
    }

    /**
     * A job that quantizes the weights of a model.
     *
     * @param model a checkpoint folder
     * @param output the folder to make
     */
    public static Builder builder(Path model, Path output, Config config) {
        return new Builder(model, output, config);
    }

    /**
     * Runs the job.
     *
     * @throws dev.hadron.error.HadronException for a mistake in what was handed in; the target is untouched
     * @throws IOException when reading or writing fails; the target is untouched, unless the message says otherwise
     * @throws CancellationException when it was cancelled: the target is untouched, or whole if it is a
     *     {@link CancelledAfterPublicationException}
     */
    public QuantizationReport run() throws IOException {
        LogSeverity.apply(config.logSeverityLevel());
        Publication.refuseInside(model, output);
        try (Checkpoint source = Checkpoint.open(model)) {
            QuantizationPlan plan = QuantizationPlan.of(config, ModelQuantizer.layersOf(source, linear), layout);
            List<String> notes = new ArrayList<>(plan.warnings());
            PlanReport.checkAlgorithms(source, plan);
            JobInputs inputs =
                    JobInputs.read(source, plan, calibration, evaluation, seed, notes, execution.cancellation());
            notes.forEach(noteListener);
            int told = notes.size();
            Stopwatch stopwatch = new Stopwatch();
            execution.cancellation().check();
            try (Publication publication = Publication.begin(output, overwrite);
                    LazyRuntime runtime = new LazyRuntime(device);
                    JobWork work = new JobWork(output, workFolder, resume)) {
                // First, because a model or device that can't be run shows here, before anything is written.
                Optional<Perplexity> before = evaluate(source, "evaluate before", inputs, runtime, stopwatch);
                WrittenModel written = write(source, plan, inputs, publication, runtime, work, notes, stopwatch);
                work.delete();
                written.smallScales()
                        .forEach(layer -> notes.add("a scale of layer " + layer
                                + " was too small for its type and was raised to the smallest number of it"));
                notes.addAll(QualityWarnings.of(written.qualities()));
                notes.subList(told, notes.size()).forEach(noteListener);
                return report(source, plan, written, before, inputs, runtime, stopwatch, notes);
            }
        }
    }

    private WrittenModel write(
            Checkpoint source,
            QuantizationPlan plan,
            JobInputs inputs,
            Publication publication,
            LazyRuntime runtime,
            JobWork work,
            List<String> notes,
            Stopwatch stopwatch)
            throws IOException {
        try {
            QuantizedModel quantized = quantize(source, plan, inputs, runtime, work, stopwatch);
            notes.addAll(quantized.changes().notes());
            HashedExport export = stopwatch.time(
                    "quantize",
                    () -> HashedExport.run(
                            ModelExporter.to(layout, shardBytes), quantized, publication.folder(), execution));
            recipe(plan, inputs, runtime, export.hashes()).write(publication.folder());
            stopwatch.time("verify", () -> {
                Verification.verify(quantized, export.written(), publication.folder(), execution);
                return export;
            });
            stopwatch.time("publish", () -> {
                publication.publish();
                return export;
            });
            return export.written();
        } catch (IOException | RuntimeException e) {
            throw work.ended(e, execution);
        }
    }

    private QuantizedModel quantize(
            Checkpoint source,
            QuantizationPlan plan,
            JobInputs inputs,
            LazyRuntime runtime,
            JobWork work,
            Stopwatch stopwatch)
            throws IOException {
        if (!Algorithms.areAskedFor(config)) {
            return inputs.calibration().isEmpty()
                    ? ModelQuantizer.of(plan).quantize(source)
                    : stopwatch.time(
                            "calibrate",
                            () -> ModelQuantizer.of(plan)
                                    .quantize(
                                            source,
                                            runtime.get(),
                                            inputs.calibration().get(),
                                            execution));
        }
        return stopwatch.time(
                "optimize", () -> work.optimize(source, plan, inputs.calibrationWindows(), runtime, seed, execution));
    }

    /** Only calibration makes a result depend on what ran the model. */
    private Recipe recipe(QuantizationPlan plan, JobInputs inputs, LazyRuntime runtime, InputHashes hashes) {
        Optional<Recipe.RuntimeFacts> facts = inputs.calibration().isPresent() ? runtime.described() : Optional.empty();
        return Recipe.of(plan, layout, seed, inputs.calibration(), facts, hashes);
    }

    private Optional<Perplexity> evaluate(
            Checkpoint checkpoint, String stage, JobInputs inputs, LazyRuntime runtime, Stopwatch stopwatch)
            throws IOException {
        if (inputs.evaluation().isEmpty()) {
            return Optional.empty();
        }
        Evaluator evaluator = new Evaluator(runtime.get(), execution);
        return Optional.of(stopwatch.time(stage, () -> evaluator.evaluate(checkpoint, inputs.evaluation(), stage)));
    }

    private QuantizationReport report(
            Checkpoint source,
            QuantizationPlan plan,
            WrittenModel written,
            Optional<Perplexity> before,
            JobInputs inputs,
            LazyRuntime runtime,
            Stopwatch stopwatch,
            List<String> notes)
            throws IOException {
        try (Checkpoint result = Checkpoint.open(output)) {
            Optional<Perplexity> after = evaluate(result, "evaluate after", inputs, runtime, stopwatch);
            return new QuantizationReport(
                    output,
                    plan.layers().size(),
                    plan.kept().size(),
                    source.byteSize(),
                    result.byteSize(),
                    written.bitsPerWeight(),
                    before,
                    after,
                    stopwatch.stages(),
                    PeakMemory.bytes(),
                    written.qualities(),
                    notes);
        } catch (IOException | RuntimeException e) {
            if (e instanceof CancellationException || execution.cancellation().isRequested()) {
                throw new CancelledAfterPublicationException(output, e);
            }
            throw new IOException(output + " is complete, but reading or evaluating it failed: " + e.getMessage(), e);
        }
    }

    /** Collects the settings of a job. */
    public static final class Builder {
        private final Path model;
        private final Path output;
        private final Config config;
        private ExportLayout layout = ExportLayout.QUARK;
        private List<String> linear = List.of();
        private long shardBytes = ShardedSafetensorsWriter.DEFAULT_SHARD_BYTES;
        private boolean overwrite;
        private long seed;
        private String device = "cpu";
        private @Nullable Calibration calibration;
        private @Nullable EvaluationText evaluation;
        private @Nullable Path workFolder;
        private boolean resume;
        private Execution execution = Execution.quiet();
        private Consumer<String> noteListener = note -> {};

        private Builder(Path model, Path output, Config config) {
            this.model = model;
            this.output = output;
            this.config = config;
        }

        /** How the result is laid out; {@code quark} by default. */
        public Builder layout(ExportLayout value) {
            layout = value;
            return this;
        }

        /** Patterns of layers that are linear whatever their names say; none by default. */
        public Builder linear(List<String> patterns) {
            linear = List.copyOf(patterns);
            return this;
        }

        /** How many bytes of elements a file of weights may hold; 5 GB by default. A tensor that is larger has a file of its own. */
        public Builder maxShardBytes(long value) {
            if (value < 1) {
                throw new ConfigException("the largest size of a file is " + value + " bytes; it must be positive");
            }
            shardBytes = value;
            return this;
        }

        /** Whether a folder that is there already is replaced; not by default. */
        public Builder overwrite(boolean value) {
            overwrite = value;
            return this;
        }

        /** Of whatever is random; 0 by default. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Where the model is run; {@code cpu} by default. */
        public Builder device(String value) {
            device = value;
            return this;
        }

        /** What to calibrate with; nothing by default. */
        public Builder calibration(@Nullable Calibration value) {
            calibration = value;
            return this;
        }

        /** The text to measure with; none by default. */
        public Builder evaluation(@Nullable EvaluationText value) {
            evaluation = value;
            return this;
        }

        /** Where the state of an algorithm's run is kept until it is done; beside the output by default. */
        public Builder workFolder(@Nullable Path value) {
            workFolder = value;
            return this;
        }

        /** Whether a run that was stopped goes on from its state; if there is none, it begins. Not by default. */
        public Builder resume(boolean value) {
            resume = value;
            return this;
        }

        /** Whose threads do the work, who hears of progress, how the job is stopped. */
        public Builder execution(Execution value) {
            execution = value;
            return this;
        }

        /** Hears each note of the report as soon as it is known: those of the plan and of the data before the model is run. */
        public Builder noteListener(Consumer<String> value) {
            noteListener = value;
            return this;
        }

        /** The job. */
        public QuantizationJob build() {
            return new QuantizationJob(this);
        }
    }
}
