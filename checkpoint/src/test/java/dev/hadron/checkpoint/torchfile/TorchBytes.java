package dev.hadron.checkpoint.torchfile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Files of {@code torch.save}, taken apart and put together. */
final class TorchBytes {
    private TorchBytes() {}

    /** The bytes of a file that {@code tools/make_torch_fixtures.py} wrote. */
    static byte[] fixture(String name) {
        try (InputStream in = TorchBytes.class.getResourceAsStream("/torchfile/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A copy of such a file. */
    static Path copy(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), fixture(name));
    }

    /** What is in the archive of such a file, by name. */
    static Map<String, byte[]> parts(Path folder, String name) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(copy(folder, name).toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    parts.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return parts;
    }

    /** An archive of files that are stored as they are. */
    static byte[] archive(Map<String, byte[]> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                ZipEntry entry = new ZipEntry(part.getKey());
                CRC32 checksum = new CRC32();
                checksum.update(part.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(part.getValue().length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(part.getValue());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** A pickle of these pieces: strings as Latin-1, numbers as bytes. */
    static byte[] pickle(Object... pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = bytes) {
            for (Object piece : pieces) {
                if (piece instanceof String text) {
                    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                } else {
                    out.write((Integer) piece);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
