// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kqueue, descriptors with names, and the answers that were got. Descriptors do not block, and all are closed in the end.
 *
 * <p>A step that gets an answer knows the one that is expected, for how long to wait: for events until they are there, for
 * none until an event comes that was caused after all else.
 */
final class Script implements AutoCloseable {

    static final String NONE = "none";

    private static final int ENTRIES = 256;
    private static final long PATIENCE = SECONDS.toNanos(3);
    private static final long MARK = 0x6d61_726b;

    final Kernel kernel;
    final Platform platform = Kind.BINDING.platform();
    final SocketConstants socket = platform.socket();
    final Descriptors descriptors;

    private final Syscalls syscalls = Kind.BINDING.syscalls();
    private final Kind kind;
    private final Words words = new Words(platform);
    private final KEventList changes = new KEventList(syscalls, platform.kevent(), ENTRIES);
    private final KEventList events = new KEventList(syscalls, platform.kevent(), ENTRIES);
    private final Map<String, Integer> open = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private final List<String> expected;
    private final List<String> answers = new ArrayList<>();
    private @Nullable Path folder;
    private @Nullable Kernel inner;
    private int changeCount;

    /** Most events of a call. */
    private int room = ENTRIES;

    Script(Kind kind, List<String> expected) {
        this.kind = kind;
        this.expected = expected;
        kernel = kind.factory().get();
        descriptors = new Descriptors(syscalls, platform);
    }

    List<String> answers() {
        return answers;
    }

    // Changes and events

    /** Adds to the changes that go with the next call: {@code "s READ ADD|CLEAR fflags=LOWAT data=100 udata=1"}. */
    Script change(String... specifications) {
        for (String specification : specifications) {
            String[] parts = specification.split(" ");
            words.put(changes, changeCount++, number(parts[0]), parts);
        }
        return this;
    }

    /** Changes that the kernel has to take without a word. */
    Script apply(String... specifications) {
        change(specifications);
        int result = kernel.kevent(changes, taken(), events, 0, 0);
        if (result != 0) {
            throw new IllegalStateException(String.join(", ", specifications) + ": " + outcome(result));
        }
        return this;
    }

    /** Room for as many events in the calls to come. */
    Script room(int most) {
        room = most;
        return this;
    }

    /** kevent(2) with the changes gathered, at once, just once: what it returns. */
    Script call() {
        return add(called(0));
    }

    /** ... without limit of time. */
    Script callForever() {
        return add(called(Kernel.FOREVER));
    }

    /** ... with a time limit, which may be wrong, nanoseconds. */
    Script call(long nanos) {
        return add(called(nanos));
    }

    private String called(long nanos) {
        int result = kernel.kevent(changes, taken(), events, room, nanos);
        if (result < 0) {
            return outcome(result);
        }
        List<String> got = received(result);
        return got.isEmpty() ? NONE : String.join(" ", got);
    }

    /** The events that come of the changes gathered and of what was done. */
    Script events() {
        String wanted = answers.size() < expected.size() ? expected.get(answers.size()) : NONE;
        return add(wanted.equals(NONE) ? marked() : awaited(wanted));
    }

    private String awaited(String wanted) {
        Map<String, String> got = new LinkedHashMap<>();
        long deadline = System.nanoTime() + PATIENCE;
        while (true) {
            int result = kernel.kevent(changes, taken(), events, room, Math.max(0, deadline - System.nanoTime()));
            if (result < 0) {
                return outcome(result);
            }
            for (String event : received(result)) {
                // Of two for one filter the later says what the earlier could not know yet.
                String[] parts = event.split(" ");
                got.put(parts[0] + ' ' + parts[1], event);
            }
            String all = got.isEmpty() ? NONE : String.join(" ", got.values());
            if (Answers.match(wanted, all) || System.nanoTime() > deadline) {
                return all;
            }
        }
    }

    private String marked() {
        List<String> got = new ArrayList<>();
        if (!open.containsKey("mark")) {
            pipe("mark", "marker");
            change("mark READ ADD|CLEAR udata=" + MARK);
        }
        descriptors.check("mark", (int) descriptors.write(fd("marker"), 1));
        boolean marked = false;
        for (long deadline = System.nanoTime() + PATIENCE; !marked && System.nanoTime() < deadline; ) {
            int result = kernel.kevent(changes, taken(), events, ENTRIES, PATIENCE);
            if (result < 0) {
                return outcome(result);
            }
            for (int i = 0; i < result; i++) {
                if (events.udata(i) == MARK && events.ident(i) == fd("mark")) {
                    marked = true;
                } else {
                    got.add(event(i));
                }
            }
        }
        read("mark", 1);
        if (!marked) {
            got.add("no mark");
        }
        return got.isEmpty() ? NONE : String.join(" ", got);
    }

    /** Puts an outcome that is not one of events among the answers. */
    Script add(String answer) {
        answers.add(answer);
        return this;
    }

    /** ... a number, or an error's name. */
    Script add(String what, long result) {
        return add(what + ' ' + outcome(result));
    }

    private String outcome(long result) {
        return result < 0 ? words.errno(-result) : Long.toString(result);
    }

    /** The event of an index of the last call. */
    private String event(int index) {
        return words.event(events, index, this::name);
    }

    private List<String> received(int count) {
        List<String> received = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            received.add(event(i));
        }
        return received;
    }

    private int taken() {
        int count = changeCount;
        changeCount = 0;
        return count;
    }

    // Names

    int fd(String name) {
        Integer fd = open.get(name);
        if (fd == null) {
            throw new IllegalStateException("no " + name + " open");
        }
        return fd;
    }

    private long number(String name) {
        Long number = numbers.get(name);
        return number == null ? Long.parseLong(name) : number;
    }

    /** A name for an ident that is none of a descriptor. */
    Script name(String name, long ident) {
        numbers.put(name, ident);
        return this;
    }

    private String name(long ident) {
        // The latest: a closed descriptor's number goes to another.
        String name = Long.toString(ident);
        for (Map.Entry<String, Long> entry : numbers.entrySet()) {
            if (entry.getValue() == ident) {
                name = entry.getKey();
            }
        }
        return name;
    }

    Script open(String name, int fd) {
        open.put(name, descriptors.check(name, fd));
        numbers.remove(name);
        numbers.put(name, (long) fd);
        return this;
    }

    // Sockets, pipes, files

    Script listener(String name) {
        open(name, descriptors.tcp());
        descriptors.check("bind", descriptors.bind(fd(name), 0));
        descriptors.check("listen", descriptors.listen(fd(name)));
        return this;
    }

    /** A new client of {@code listener}, whose connection waits there when this returns. */
    Script client(String name, String listener) {
        open(name, descriptors.tcp());
        int result = descriptors.connect(fd(name), descriptors.port(fd(listener)));
        if (result < 0 && result != -platform.errno().EINPROGRESS()) {
            throw new IllegalStateException("connect: " + outcome(result));
        }
        descriptors.awaitWritable(fd(name));
        descriptors.awaitReadable(fd(listener));
        return this;
    }

    Script accept(String name, String listener) {
        return open(name, descriptors.accept(fd(listener)));
    }

    /** A TCP connection: {@code c} and {@code s}, of which c has connected. */
    Script pair() {
        return listener("pair").client("c", "pair").accept("s", "pair").close("pair");
    }

    /** A port that nobody listens on. */
    int deadPort() {
        open("dead", descriptors.tcp());
        descriptors.check("bind", descriptors.bind(fd("dead"), 0));
        int port = descriptors.port(fd("dead"));
        close("dead");
        return port;
    }

    Script pipe(String readEnd, String writeEnd) {
        int[] pipe = descriptors.pipe();
        return open(readEnd, pipe[0]).open(writeEnd, pipe[1]);
    }

    /** A path for a socket or a file. */
    String path(String name) {
        try {
            Path existing = folder;
            if (existing == null) {
                existing = Files.createTempDirectory("kq");
                folder = existing;
            }
            return existing.resolve(name).toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Script unixListener(String name) {
        open(name, descriptors.unixStream());
        descriptors.check("bind", descriptors.bind(fd(name), path(name)));
        descriptors.check("listen", descriptors.listen(fd(name)));
        return this;
    }

    Script unixClient(String name, String listener) {
        open(name, descriptors.unixStream());
        descriptors.check("connect", descriptors.connect(fd(name), path(listener)));
        return this;
    }

    /** A UNIX connection: {@code c} and {@code s}. */
    Script unixPair() {
        return unixListener("u").unixClient("c", "u").accept("s", "u").close("u");
    }

    /** Writes, and waits until {@code to} has {@code total} bytes to read. */
    Script send(String from, int length, String to, int total) {
        long written = descriptors.write(fd(from), length);
        if (written != length) {
            throw new IllegalStateException("write: " + outcome(written));
        }
        descriptors.awaitBytes(fd(to), total);
        return this;
    }

    /** Reads up to so many bytes; the kernel that is to know of the end of an edge is told. */
    long read(String name, int most) {
        long count = descriptors.read(fd(name), most);
        if (count < most) {
            kernel.exhausted(fd(name), words.filter("READ"));
        }
        return count;
    }

    /** ... and puts the result among the answers. */
    Script reads(String name, int most) {
        return add("read", read(name, most));
    }

    /** The same of a datagram, of which a short one does not mean that it is the last. */
    Script receives(String name, int most) {
        long count = descriptors.read(fd(name), most);
        if (count < 0) {
            kernel.exhausted(fd(name), words.filter("READ"));
        }
        return add("read", count);
    }

    Script writes(String name, int length) {
        return add("write", write(name, length));
    }

    long write(String name, int length) {
        long count = descriptors.write(fd(name), length);
        if (count < length) {
            kernel.exhausted(fd(name), words.filter("WRITE"));
        }
        return count;
    }

    Script shutdown(String name, int how) {
        descriptors.check("shutdown", descriptors.shutdown(fd(name), how));
        return this;
    }

    Script close(String name) {
        int fd = fd(name);
        kernel.forget(fd);
        open.remove(name);
        descriptors.check("close", descriptors.close(fd));
        return this;
    }

    Script reset(String name) {
        descriptors.lingerNot(fd(name));
        return close(name);
    }

    /** SO_ERROR, among the answers. */
    Script takesError(String name) {
        int error = descriptors.takeError(fd(name));
        return add("SO_ERROR " + (error == 0 ? "0" : words.errno(error)));
    }

    /** A kqueue of the same kind as a descriptor. */
    Script innerKqueue(String name) {
        Kernel made = kind.factory().get();
        inner = made;
        return name(name, made.fd());
    }

    /** {@link #apply} to the inner kqueue. */
    Script applyInside(String... specifications) {
        change(specifications);
        int result = Objects.requireNonNull(inner, "no inner kqueue").kevent(changes, taken(), events, 0, 0);
        if (result != 0) {
            throw new IllegalStateException(String.join(", ", specifications) + ": " + outcome(result));
        }
        return this;
    }

    /** A file with so many bytes, open for reading; the JDK sees the same file under {@link #path}. */
    Script file(String name, int length) {
        append(name, length);
        return open(name, descriptors.openFile(path(name)));
    }

    Script append(String name, int length) {
        try {
            Files.write(Path.of(path(name)), new byte[length], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** For what has no event to wait for. */
    void pause(int millis) throws InterruptedException {
        MILLISECONDS.sleep(millis);
    }

    @Override
    public void close() throws IOException {
        for (String name : List.copyOf(open.keySet())) {
            close(name);
        }
        Kernel nested = inner;
        if (nested != null) {
            kernel.forget(nested.fd());
            nested.close();
        }
        kernel.close();
        Path used = folder;
        if (used != null) {
            try (var files = Files.list(used)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(used);
        }
    }
}
