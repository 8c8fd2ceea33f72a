// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import io.github.kqueueffm.internal.platform.oracle.RustExpression.NotUnderstood;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The declarations of Rust's libc crate for one target. They are written by hand, and tested on many of the systems. */
final class RustCrate implements Oracle {

    private static final int POINTER = 8;

    private static final Map<String, Integer> SCALARS = Map.ofEntries(
            Map.entry("bool", 1),
            Map.entry("c_void", 1),
            Map.entry("c_char", 1),
            Map.entry("u8", 1),
            Map.entry("i8", 1),
            Map.entry("u16", 2),
            Map.entry("i16", 2),
            Map.entry("u32", 4),
            Map.entry("i32", 4),
            Map.entry("f32", 4),
            Map.entry("u64", 8),
            Map.entry("i64", 8),
            Map.entry("f64", 8),
            Map.entry("usize", POINTER),
            Map.entry("isize", POINTER),
            Map.entry("Option", POINTER),
            Map.entry("u128", 16),
            Map.entry("i128", 16));

    private final RustItems items;
    private final String name;
    private final Map<String, CStruct> structs = new HashMap<>();

    private RustCrate(RustItems items, String name) {
        this.items = items;
        this.name = name;
    }

    /**
     * @param folder of the crate
     * @param name for messages
     */
    static RustCrate read(Path folder, RustTarget target, String name) throws IOException {
        return new RustCrate(RustItems.read(folder.resolve("src").resolve("lib.rs"), target), name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Long constant(String name) {
        if (!items.constants.containsKey(name)) {
            return null;
        }
        try {
            return evaluate(name);
        } catch (NotUnderstood e) {
            return null;
        }
    }

    private long evaluate(String name) {
        RustTokens value = items.constants.get(name);
        if (value == null) {
            throw new NotUnderstood(name);
        }
        return number(value);
    }

    private long number(RustTokens expression) {
        return new RustExpression(
                        expression, this::evaluate, type -> extent(type).size())
                .value();
    }

    @Override
    public @Nullable CStruct struct(String name) {
        CStruct known = structs.get(name);
        RustItems.Type type = items.types.get(name);
        if (known != null || type == null) {
            return known;
        }
        if (type.kind().equals("type")) {
            return struct(lastOfPath(type.body().restarted()));
        }
        try {
            CStruct made = layOut(type);
            structs.put(name, made);
            return made;
        } catch (NotUnderstood e) {
            return null;
        }
    }

    private CStruct layOut(RustItems.Type type) {
        CStruct.Builder builder = new CStruct.Builder(type.kind().equals("union"), type.pack(), type.alignment());
        RustTokens body = type.body().restarted();
        while (!body.atEnd()) {
            RustItems.Attributes attributes = items.newAttributes();
            while (body.skip("#")) {
                attributes.read(body.bracket());
            }
            if (body.skip("pub") && body.peek().equals("(")) {
                body.bracket();
            }
            String member = body.next();
            body.expect(":");
            RustTokens memberType = body.until(",");
            if (attributes.enabled) {
                Extent extent = extent(memberType);
                builder.add(member, extent.size(), extent.alignment());
            }
        }
        return builder.build();
    }

    private record Extent(int size, int alignment) {}

    /** Goes past a type. */
    private Extent extent(RustTokens type) {
        switch (type.peek()) {
            case "*", "&", "extern", "unsafe", "fn" -> {
                // To the end, which the caller has put there: what is pointed to does not matter.
                while (!type.atEnd()) {
                    type.next();
                }
                return new Extent(POINTER, POINTER);
            }
            case "[" -> {
                RustTokens array = type.bracket();
                Extent element = extent(array.until(";"));
                return new Extent((int) number(array.until(";")) * element.size(), element.alignment());
            }
            case "(" -> {
                type.bracket();
                return new Extent(0, 1);
            }
            default -> {
                return named(lastOfPath(type));
            }
        }
    }

    /** Goes past a path, as {@code ::core::option::Option<...>}, to the name that it ends with. */
    private static String lastOfPath(RustTokens tokens) {
        String name;
        do {
            tokens.skip("::");
            name = tokens.next();
        } while (tokens.peek().equals("::"));
        if (name.equals("Option")) {
            // Of a pointer; it is the last thing in any member.
            while (!tokens.atEnd()) {
                tokens.next();
            }
        }
        return name;
    }

    private Extent named(String name) {
        RustItems.Type type = items.types.get(name);
        Integer scalar = SCALARS.get(name);
        if (scalar != null) {
            return new Extent(scalar, scalar);
        }
        if (type == null) {
            throw new NotUnderstood("type " + name);
        }
        if (type.kind().equals("type")) {
            return extent(type.body().restarted());
        }
        CStruct struct = struct(name);
        if (struct == null) {
            throw new NotUnderstood(name);
        }
        return new Extent(struct.size(), struct.alignment());
    }

    @Override
    public @Nullable String symbol(String function) {
        String name = items.functions.get(function);
        // kevent@FBSD_1.0: of a symbol's versions the dynamic linker gives the newest when asked for the name alone.
        return name == null ? null : name.replaceFirst("@.*", "");
    }
}
