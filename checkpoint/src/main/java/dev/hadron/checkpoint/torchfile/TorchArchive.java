package dev.hadron.checkpoint.torchfile;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The zip archive that {@code torch.save} writes. All its files are in one folder and stored as they are; compressed ones are refused, so
 * that no file is larger than the archive.
 */
final class TorchArchive implements AutoCloseable {
    private static final String PICKLE = "data.pkl";
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final long fileSize;
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private final String folder;

    private TorchArchive(Path file, ZipFile zip) throws IOException {
        this.file = file;
        this.zip = zip;
        fileSize = Files.size(file);
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            if (entries.put(entry.getName(), entry) != null) {
                throw new CheckpointFormatException(
                        file + " has " + Quoted.of(entry.getName()) + " twice; the archive is damaged, get it again");
            }
        }
        folder = folder();
    }

    /** The caller closes it. */
    static TorchArchive open(Path file) throws IOException {
        ZipFile zip = zip(file);
        try {
            return new TorchArchive(file, zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** How many bytes all files together can have. */
    long size() {
        return fileSize;
    }

    boolean has(String name) {
        return entries.containsKey(folder + name);
    }

    /** The bytes of a small file. */
    byte[] bytes(String name, int largest) throws IOException {
        ZipEntry entry = entry(name);
        if (entry.getSize() > largest) {
            throw new CheckpointFormatException(file + " has a " + name + " of " + entry.getSize()
                    + " bytes, but at most " + largest + " are read; save only the tensors that are needed");
        }
        byte[] bytes = new byte[(int) entry.getSize()];
        read(entry, MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** Checks that a file is there and has that size. */
    void require(String name, long size) {
        ZipEntry entry = entry(name);
        if (entry.getSize() != size) {
            throw new CheckpointFormatException(
                    file + " has " + entry.getSize() + " bytes in " + Quoted.of(entry.getName())
                            + ", but its tensors need " + size + "; the file is damaged, get it again");
        }
    }

    /** Reads a whole file of that size. */
    void read(String name, MemorySegment target) throws IOException {
        require(name, target.byteSize());
        read(entry(name), target);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static ZipFile zip(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            throw new CheckpointFormatException(
                    file + " isn't a whole zip archive as torch.save writes it (" + e.getMessage() + "); get it again",
                    e);
        }
    }

    private String folder() {
        List<String> pickles = entries.keySet().stream()
                .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw new CheckpointFormatException(file + " has " + pickles.size() + " files named " + PICKLE
                    + ", but what torch.save writes has one; save a dictionary of tensors with torch.save");
        }
        return pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
    }

    private ZipEntry entry(String name) {
        ZipEntry entry = entries.get(folder + name);
        if (entry == null) {
            throw new CheckpointFormatException(
                    file + " has no " + Quoted.of(folder + name) + "; the file is damaged, get it again");
        }
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw new CheckpointFormatException(file + " has a compressed " + Quoted.of(entry.getName())
                    + ", which torch.save never writes; save it again with torch.save");
        }
        if (entry.getSize() < 0 || entry.getSize() > fileSize) {
            throw new CheckpointFormatException(file + " states " + entry.getSize() + " bytes for "
                    + Quoted.of(entry.getName()) + ", more than the whole file has; the file is damaged, get it again");
        }
        return entry;
    }

    private void read(ZipEntry entry, MemorySegment target) throws IOException {
        CRC32 checksum = new CRC32();
        byte[] chunk = new byte[(int) Math.min(CHUNK, target.byteSize())];
        try (InputStream in = zip.getInputStream(entry)) {
            for (long done = 0; done < target.byteSize(); ) {
                int count = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, target.byteSize() - done));
                if (count == 0) {
                    throw new CheckpointFormatException(file + " ends within " + Quoted.of(entry.getName())
                            + "; the file is truncated, get it again");
                }
                checksum.update(chunk, 0, count);
                MemorySegment.copy(MemorySegment.ofArray(chunk), 0, target, done, count);
                done += count;
            }
        }
        if (checksum.getValue() != entry.getCrc()) {
            throw new CheckpointFormatException(file + " has a " + Quoted.of(entry.getName())
                    + " that doesn't fit its checksum; the file is damaged, get it again");
        }
    }
}
