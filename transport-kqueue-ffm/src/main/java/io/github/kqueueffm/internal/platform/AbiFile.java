// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a platform data file and of those it includes.
 *
 * <pre>
 * # comment
 * include netbsd                 the lines of netbsd.abi as well
 * const SOL_SOCKET 65535         a constant, decimal or 0x...
 * struct kevent.size 40          a size or an offset, in bytes; iovec.size is the component iovecSize
 *                                (of credentials also the option that answers with the struct)
 * field tcpInfo.rtt 68 4 microseconds   offset and size, in bytes, and {@link FieldUnit} of a {@link Field}
 * symbol kevent __kevent50       the name to look a C function up under
 * trait inheritsNoDelay true     a component of {@link Traits}
 * absent SO_NOSIGPIPE            the platform does not have this constant, struct member or function
 * </pre>
 *
 * <p>A name may be given once: an included file cannot be overridden, so no line is ever without effect.
 */
final class AbiFile {

    private static final Set<String> KINDS = Set.of("const", "struct", "symbol", "trait");

    /**
     * @param kind {@code const}, {@code struct}, {@code field}, {@code symbol} or {@code trait}; {@code absent} stands for any but
     *     trait
     * @param value {@code null} for absent
     * @param where file and line, for messages
     */
    record Entry(String kind, String name, @Nullable String value, String where) {}

    private final String name;
    private final Function<String, @Nullable InputStream> opener;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> files = new ArrayList<>();

    private AbiFile(String name, Function<String, @Nullable InputStream> opener) {
        this.name = name;
        this.opener = opener;
    }

    /**
     * @param name name of the file, without its ending
     * @param opener gives the content of a file, {@code null} where there is none
     */
    static AbiFile read(String name, Function<String, @Nullable InputStream> opener) {
        AbiFile file = new AbiFile(name + ".abi", opener);
        file.include(file.name, "the list of targets");
        return file;
    }

    /** The file read, for messages. */
    String name() {
        return name;
    }

    /** Takes out what is said of {@code name}; {@code null} if nothing is. */
    @Nullable
    Entry take(String kind, String name) {
        String key = key(name);
        Entry entry = entries.get(key);
        if (entry == null || !(entry.kind().equals(kind) || entry.kind().equals("absent"))) {
            return null;
        }
        entries.remove(key);
        return entry;
    }

    /** What nobody took. */
    List<Entry> rest() {
        return List.copyOf(entries.values());
    }

    private void include(String file, String by) {
        if (files.contains(file)) {
            throw new IllegalStateException(file + " is included a second time by " + by + "; remove one of the two");
        }
        files.add(file);
        try (InputStream in = opener.apply(file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "Platform data file " + file + ", named in " + by
                                + ", is missing. Put it next to the others, or keep the resources of the jar if you repackaged it");
            }
            read(file, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the platform data file " + file, e);
        }
    }

    private void read(String file, BufferedReader reader) throws IOException {
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && text.charAt(0) != '#') {
                line(text, file + ':' + number);
            }
        }
    }

    private void line(String text, String where) {
        String[] words = text.split("\\s+", -1);
        if (words.length == 2 && words[0].equals("include")) {
            include(words[1] + ".abi", where);
        } else if (words.length == 2 && words[0].equals("absent")) {
            add(new Entry("absent", words[1], null, where));
        } else if (words.length == 3 && KINDS.contains(words[0])) {
            add(new Entry(words[0], words[1], words[2], where));
        } else if (words.length == 5 && words[0].equals("field")) {
            add(new Entry(words[0], words[1], words[2] + ' ' + words[3] + ' ' + words[4], where));
        } else {
            throw new IllegalStateException(where + ": cannot read '" + text
                    + "'; expected 'include FILE', 'absent NAME', '(const|struct|symbol|trait) NAME VALUE' or "
                    + "'field NAME OFFSET SIZE UNIT'");
        }
    }

    private void add(Entry entry) {
        Entry earlier = entries.putIfAbsent(key(entry.name()), entry);
        if (earlier != null) {
            throw new IllegalStateException(entry.where() + ": " + entry.name() + " is already given at "
                    + earlier.where() + "; remove one of the two lines");
        }
    }

    /** {@code iovec.size} and {@code iovecSize} are one name: the first reads better, the second is the record's. */
    private static String key(String name) {
        int dot = name.indexOf('.');
        return dot < 0 || dot + 1 == name.length()
                ? name
                : name.substring(0, dot) + Character.toUpperCase(name.charAt(dot + 1)) + name.substring(dot + 2);
    }
}
