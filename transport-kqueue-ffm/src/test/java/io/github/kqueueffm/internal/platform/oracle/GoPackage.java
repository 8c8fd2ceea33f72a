// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables of golang.org/x/sys/unix for one system: {@code zerrors_*.go} has constants, {@code ztypes_*.go} structs with the
 * same layout as in C, {@code zsyscall_*.go} the names of C functions. They are made by running the system's C compiler.
 */
final class GoPackage implements Oracle {

    private static final Pattern CONSTANT = Pattern.compile(
            "^\\s+([A-Za-z_]\\w*)\\s*=\\s*(?:syscall\\.(?:Errno|Signal)\\()?(-?(?:0x[0-9a-fA-F]+|\\d+))\\)?\\s*$");
    private static final Pattern STRUCT = Pattern.compile("^type (\\w+) struct \\{$");
    private static final Pattern ALIAS = Pattern.compile("^(?:type\\s+|\\t)(\\w+)\\s+(\\[\\d+]\\w+|\\w+)$");
    private static final Pattern MEMBER = Pattern.compile("^\\s+(\\w+)\\s+([^\\s/]+)\\s*(?://.*|/\\*.*)?$");
    private static final Pattern ARRAY = Pattern.compile("^\\[(\\w+)](.+)$");
    private static final Pattern IMPORT = Pattern.compile("^//go:cgo_import_dynamic libc_(\\w+) (\\S+) .*$");

    private static final int POINTER = 8;

    private static final Map<String, Integer> SCALARS = Map.ofEntries(
            Map.entry("bool", 1),
            Map.entry("byte", 1),
            Map.entry("int8", 1),
            Map.entry("uint8", 1),
            Map.entry("int16", 2),
            Map.entry("uint16", 2),
            Map.entry("int32", 4),
            Map.entry("uint32", 4),
            Map.entry("float32", 4),
            Map.entry("int64", 8),
            Map.entry("uint64", 8),
            Map.entry("float64", 8),
            Map.entry("int", POINTER),
            Map.entry("uint", POINTER),
            Map.entry("uintptr", POINTER),
            Map.entry("unsafe.Pointer", POINTER));

    private final Map<String, Long> constants = new HashMap<>();
    private final Map<String, Map<String, String>> structs = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, String> symbols = new HashMap<>();

    private GoPackage() {}

    /**
     * @param arch as Go spells it
     * @return {@code null} if it has nothing for that system
     */
    static @Nullable GoPackage read(Path folder, String os, String arch) throws IOException {
        String target = os + '_' + arch + ".go";
        if (!Files.exists(folder.resolve("zerrors_" + target))) {
            return null;
        }
        GoPackage read = new GoPackage();
        for (String kind : List.of("zerrors_", "ztypes_", "zsyscall_")) {
            read.file(folder.resolve(kind + os + ".go"));
            read.file(folder.resolve(kind + target));
        }
        return read;
    }

    private void file(Path file) throws IOException {
        if (!Files.exists(file)) {
            // Only Linux has what all architectures share in files of their own.
            return;
        }
        Map<String, String> members = null;
        for (String line : Files.readAllLines(file)) {
            Matcher struct = STRUCT.matcher(line);
            if (members != null) {
                members = member(line, members);
            } else if (struct.matches()) {
                members = new LinkedHashMap<>();
                structs.put(struct.group(1), members);
            } else {
                outside(line);
            }
        }
    }

    /** Returns the members still to be filled, {@code null} behind the last. */
    private static @Nullable Map<String, String> member(String line, Map<String, String> members) {
        if (line.equals("}")) {
            return null;
        }
        Matcher member = MEMBER.matcher(line);
        if (member.matches()) {
            String name = member.group(1);
            members.put(name.equals("_") ? "_" + members.size() : name, member.group(2));
        } else if (!line.isBlank()) {
            // An embedded struct is called as its type is.
            members.put(line.strip(), line.strip());
        }
        return members;
    }

    private void outside(String line) {
        Matcher constant = CONSTANT.matcher(line);
        if (constant.matches()) {
            constants.put(constant.group(1), number(constant.group(2)));
            return;
        }
        Matcher alias = ALIAS.matcher(line);
        if (alias.matches()) {
            aliases.put(alias.group(1), alias.group(2));
            return;
        }
        Matcher symbol = IMPORT.matcher(line);
        if (symbol.matches()) {
            symbols.put(symbol.group(1), symbol.group(2));
        }
    }

    /** Some take all 64 bits. */
    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.decode(text);
    }

    @Override
    public String name() {
        return "go";
    }

    @Override
    public @Nullable Long constant(String name) {
        return constants.get(name);
    }

    @Override
    public @Nullable CStruct struct(String name) {
        Map<String, String> members = structs.get(name);
        if (members == null) {
            String alias = aliases.get(name);
            return alias == null ? null : struct(alias);
        }
        CStruct.Builder builder = new CStruct.Builder(false, CStruct.NOT_PACKED, 1);
        for (Map.Entry<String, String> member : members.entrySet()) {
            Extent extent = extent(member.getValue());
            builder.add(member.getKey(), extent.size(), extent.alignment());
        }
        return builder.build();
    }

    private record Extent(int size, int alignment) {}

    private Extent extent(String type) {
        if (type.startsWith("*")) {
            return new Extent(POINTER, POINTER);
        }
        Matcher array = ARRAY.matcher(type);
        if (array.matches()) {
            Extent element = extent(array.group(2));
            return new Extent(Integer.decode(array.group(1)) * element.size(), element.alignment());
        }
        Integer scalar = SCALARS.get(type);
        if (scalar != null) {
            return new Extent(scalar, scalar);
        }
        CStruct struct = struct(type);
        if (struct != null) {
            return new Extent(struct.size(), struct.alignment());
        }
        String alias = aliases.get(type);
        if (alias == null) {
            throw new IllegalStateException("Type " + type + " is not declared");
        }
        return extent(alias);
    }

    @Override
    public @Nullable String symbol(String function) {
        return symbols.get(function);
    }
}
