import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies a jar and brings its class files to the version of Java 8, if they are older than Java 6. What they do stays the same; what is new
 * are the tables by which types are checked (StackMapTable). Without them no start-up archive takes a class: it would be read and checked
 * at every start.
 *
 * <pre>java tools/ClassVersions.java from.jar to.jar</pre>
 */
public final class ClassVersions {
    private static final int WITH_TABLES = ClassFile.JAVA_6_VERSION;

    private ClassVersions() {}

    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0]);
        try (URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()});
                ZipFile source = new ZipFile(from.toFile());
                ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
            ClassFile classFile = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(classes)));
            for (ZipEntry entry : Collections.list(source.entries())) {
                byte[] bytes = source.getInputStream(entry).readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                target.putNextEntry(copy);
                target.write(entry.getName().endsWith(".class") ? upgraded(classFile, bytes) : bytes);
                target.closeEntry();
            }
        }
    }

    private static byte[] upgraded(ClassFile classFile, byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() >= WITH_TABLES) {
            return bytes;
        }
        // Code that is handed on element by element is written anew, with its tables; otherwise it would be copied.
        ClassTransform code = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        return classFile.transformClass(model, code.andThen(version));
    }
}
