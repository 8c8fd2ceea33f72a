// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was written down from the headers and manual pages of a system, in the data files {@code headers-*}: declarations of all structs
 * in the way of C, from which the offsets are computed here, and the values that nobody else tells. Lines are {@code NAME VALUE}, a
 * {@code struct} with one member a line, or {@code units UNIT FIELD...} for the fields of tcp_info.
 */
final class Headers implements Oracle {

    private static final List<String> FILES = List.of(
            "headers-linux",
            "headers-bsd",
            "headers-darwin",
            "headers-freebsd",
            "headers-netbsd",
            "headers-openbsd",
            "headers-dragonfly");

    private static final Pattern STRUCT = Pattern.compile("struct (\\w+)(?: packed\\((\\d+)\\))? \\{");
    private static final Pattern MEMBER = Pattern.compile("(\\w+) (\\w+)(?:\\[(\\d+)])?;");

    private static final Pattern NUMBER = Pattern.compile("-?(?:0x[0-9a-f]+|\\d+)");

    private static final Map<String, Integer> SCALARS =
            Map.of("i8", 1, "u8", 1, "i16", 2, "u16", 2, "i32", 4, "u32", 4, "i64", 8, "u64", 8, "ptr", 8);

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, CStruct> structs = new HashMap<>();

    Headers(String target) {
        for (String file : FILES) {
            read(DataFile.lines(file, target));
        }
    }

    private void read(List<DataFile.Line> lines) {
        String name = "";
        CStruct.Builder builder = null;
        for (DataFile.Line line : lines) {
            Matcher start = STRUCT.matcher(line.text());
            if (builder != null) {
                if (line.text().equals("}")) {
                    put(structs, name, builder.build(), line);
                    builder = null;
                } else {
                    member(builder, line);
                }
            } else if (start.matches()) {
                name = start.group(1);
                int pack = start.group(2) == null ? CStruct.NOT_PACKED : Integer.parseInt(start.group(2));
                builder = new CStruct.Builder(false, pack, 1);
            } else if (line.text().startsWith("units ")) {
                units(line);
            } else if (line.words().length == 2) {
                put(values, line.words()[0], plain(line.words()[1]), line);
            } else {
                throw line.unreadable();
            }
        }
    }

    private void units(DataFile.Line line) {
        String[] words = line.words();
        for (int i = 2; i < words.length; i++) {
            String field = Character.toUpperCase(words[i].charAt(0)) + words[i].substring(1);
            put(values, "tcpInfo" + field + ".unit", words[1], line);
        }
    }

    /** Numbers in decimal, as the records have them. */
    private static String plain(String value) {
        return NUMBER.matcher(value).matches() ? Expression.text(Long.decode(value)) : value;
    }

    private static <T> void put(Map<String, T> map, String name, T value, DataFile.Line line) {
        if (map.put(name, value) != null) {
            throw new IllegalStateException(line.where() + ": " + name + " is given a second time");
        }
    }

    private void member(CStruct.Builder builder, DataFile.Line line) {
        Matcher member = MEMBER.matcher(line.text());
        if (!member.matches()) {
            throw line.unreadable();
        }
        int count = member.group(3) == null ? 1 : Integer.parseInt(member.group(3));
        String type = member.group(1);
        Integer scalar = SCALARS.get(type);
        CStruct struct = structs.get(type);
        if (scalar != null) {
            builder.add(member.group(2), count * scalar, scalar);
        } else if (struct != null) {
            builder.add(member.group(2), count * struct.size(), struct.alignment());
        } else {
            throw new IllegalStateException(line.where() + ": no type " + type + " before this line");
        }
    }

    @Override
    public String name() {
        return "headers";
    }

    /** A value under the name that the record has for it. */
    @Nullable
    String value(String name) {
        return values.get(name);
    }

    @Override
    public @Nullable Long constant(String name) {
        String value = values.get(name);
        return value == null ? null : Long.decode(value);
    }

    @Override
    public @Nullable CStruct struct(String name) {
        return structs.get(name);
    }

    @Override
    public @Nullable String symbol(String function) {
        return values.get("symbol." + function);
    }
}
