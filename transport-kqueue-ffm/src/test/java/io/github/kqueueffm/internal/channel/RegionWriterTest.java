// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import static io.github.kqueueffm.internal.channel.SendfileScript.FILE;
import static io.github.kqueueffm.internal.channel.SendfileScript.SOCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.channel.SendfileScript.Asked;
import io.github.kqueueffm.internal.channel.SendfileScript.Form;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** File regions over a sendfile(2) of each form, with the answers that a kernel seldom gives. */
@Timeout(120)
class RegionWriterTest {

    private static final int CHUNK = 2 << 20;
    private static final int CALLS = 16;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final byte[] content = new byte[200_000];

    @TempDir
    Path directory;

    private Path path;
    private SendfileScript script;
    private StreamWriter writer;

    @BeforeEach
    void writeFile() throws IOException {
        new Random(1).nextBytes(content);
        path = Files.write(directory.resolve("content"), content);
    }

    @AfterEach
    void close() {
        channel.close();
    }

    private SendfileScript use(Form form) {
        return use(form, true);
    }

    private SendfileScript use(Form form, boolean jdkKernel) {
        script = new SendfileScript(form, jdkKernel);
        script.calls().answer("write", arguments -> {
            int length = Math.toIntExact((long) arguments[2]);
            written.writeBytes(new Pointer((long) arguments[1]).getByteArray(0, length));
            return length;
        });
        NativeSocket socket = new NativeSocket(script.calls().binding(), SOCKET, SocketProtocolFamily.INET);
        GatherBudget budget = new GatherBudget() {
            @Override
            public long maxBytesPerGatheringWrite() {
                return 1 << 20;
            }

            @Override
            public void gathered(long attempted, long taken) {}
        };
        RegionAccess none = new RegionAccess() {
            @Override
            public boolean knows(FileRegion region) {
                return false;
            }

            @Override
            public FileChannel channel(FileRegion region) {
                throw new AssertionError();
            }

            @Override
            public java.io.File file(FileRegion region) {
                throw new AssertionError();
            }

            @Override
            public FileChannel open(FileRegion region) {
                throw new AssertionError();
            }

            @Override
            public void sent(FileRegion region, long bytes) {
                throw new AssertionError();
            }
        };
        writer = new StreamWriter(socket, budget, channel.alloc(), none);
        return script;
    }

    private ChannelPromise queue(FileRegion region) {
        return queue(region, region.count());
    }

    private ChannelPromise queue(Object message, long size) {
        ChannelPromise promise = channel.newPromise();
        outbound.addMessage(message, Math.toIntExact(Math.min(size, 1 << 20)), promise);
        outbound.addFlush();
        return promise;
    }

    private WriteOutcome write() throws Exception {
        return writer.write(outbound, CALLS, null);
    }

    private DefaultFileRegion region(long position, long count) {
        return new DefaultFileRegion(path.toFile(), position, count);
    }

    private List<String> descriptorCalls() {
        return script.calls().log().stream()
                .filter(call -> call.startsWith("open") || call.startsWith("close"))
                .map(call -> call.substring(0, call.indexOf('(')))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aFileThatIsNamedIsOpenedSentAndClosed(Form form) throws Exception {
        use(form).takes(1000);
        DefaultFileRegion region = region(100, 1000);
        ChannelPromise promise = queue(region);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(script.asked()).containsExactly(new Asked(FILE, 100, 1000));
        assertThat(promise.isSuccess()).isTrue();
        assertThat(region.transferred()).isEqualTo(1000);
        assertThat(region.refCnt()).isZero();
        assertThat(descriptorCalls()).containsExactly("open", "close");
        assertThat(script.calls().log()).contains("close(" + FILE + ")");
        assertThat(region.isOpen()).as("the JDK has opened nothing").isFalse();
        assertThat(written.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aFullSocketIsGoneOnWithWhereItStopped(Form form) throws Exception {
        use(form).takes(400).fails(50, script.errno().EAGAIN());
        DefaultFileRegion region = region(100, 1000);
        ChannelPromise promise = queue(region);
        assertThat(write()).isEqualTo(WriteOutcome.SOCKET_FULL);
        assertThat(region.transferred()).isEqualTo(450);
        assertThat(promise.isDone()).isFalse();
        assertThat(script.asked())
                .as("where the kernel says so with the bytes, it is not asked again")
                .hasSize(form.partialErrors ? 2 : 3);
        script.asked().clear();
        script.fails(script.errno().EAGAIN()).takes(550);
        assertThat(write()).isEqualTo(WriteOutcome.SOCKET_FULL);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(script.asked()).containsExactly(new Asked(FILE, 550, 550), new Asked(FILE, 550, 550));
        assertThat(promise.isSuccess()).isTrue();
        assertThat(descriptorCalls()).containsExactly("open", "close");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aSocketThatIsFullWithTheLastByte(Form form) throws Exception {
        use(form).fails(1000, script.errno().EAGAIN()).takes(10);
        ChannelPromise first = queue(region(0, 1000));
        ChannelPromise second = queue(region(0, 10));
        if (form.partialErrors) {
            assertThat(write()).isEqualTo(WriteOutcome.DONE);
            assertThat(second.isSuccess()).isTrue();
        } else {
            // Linux: EAGAIN is an answer to the second region's call.
            assertThat(write()).isEqualTo(WriteOutcome.SOCKET_FULL);
            assertThat(second.isDone()).isFalse();
        }
        assertThat(first.isSuccess()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void signals(Form form) throws Exception {
        use(form)
                .fails(script.errno().EINTR())
                .fails(script.errno().EINTR())
                .takes(10)
                .fails(20, script.errno().EINTR())
                .takes(970);
        DefaultFileRegion region = region(0, 1000);
        ChannelPromise promise = queue(region);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(promise.isSuccess()).isTrue();
        assertThat(script.asked().get(script.asked().size() - 1)).isEqualTo(new Asked(FILE, 30, 970));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whatSendfileRefusesIsCopied(Form form) throws Exception {
        for (int number : new int[] {1, 2, 3, 4}) {
            use(form);
            int refusal = switch (number) {
                case 1 -> script.errno().EINVAL();
                case 2 -> script.errno().ENOSYS();
                case 3 -> script.errno().ENOTSUP();
                default -> script.errno().EOPNOTSUPP();
            };
            script.takes(5000).fails(refusal);
            written.reset();
            DefaultFileRegion region = region(100, 150_000);
            ChannelPromise promise = queue(region);
            assertThat(write()).isEqualTo(WriteOutcome.DONE);
            assertThat(promise.isSuccess()).isTrue();
            assertThat(region.transferred()).isEqualTo(150_000);
            assertThat(script.asked()).as("asked no more").hasSize(2);
            assertThat(written.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 5100, 150_100));
            assertThat(descriptorCalls()).containsExactly("open", "close");
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aFileThatEndsEarlyFails(Form form) throws Exception {
        use(form).takes(300).takes(0);
        DefaultFileRegion region = region(100, 1000);
        ChannelPromise promise = queue(region);
        assertThatThrownBy(this::write)
                .isInstanceOf(IOException.class)
                .hasMessage("the file ends before the region: it has nothing at 400, the region is 100 + 1000");
        assertThat(promise.isDone()).as("the channel fails what is left").isFalse();
        assertThat(descriptorCalls()).containsExactly("open", "close");
        assertThat(region.transferred()).isEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aConnectionThatIsGoneFails(Form form) throws Exception {
        use(form).takes(300).fails(script.errno().EPIPE());
        DefaultFileRegion region = region(100, 1000);
        queue(region);
        assertThatThrownBy(this::write)
                .isInstanceOf(KQueueIoException.class)
                .hasMessage("sendfile(..) failed: EPIPE (Broken pipe)");
        assertThat(region.transferred()).isEqualTo(300);
        assertThat(descriptorCalls()).containsExactly("open", "close");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aRegionOfMoreThanTwoGibibytes(Form form) throws Exception {
        use(form).takesEverything();
        long count = (3L << 30) + 12_345;
        DefaultFileRegion region = region(1L << 40, count);
        ChannelPromise promise = queue(region);
        int turns = 1;
        while (write() == WriteOutcome.SPUN_OUT) {
            assertThat(script.asked()).hasSize(turns * CALLS);
            turns++;
        }
        assertThat(promise.isSuccess()).isTrue();
        assertThat(region.transferred()).isEqualTo(count);
        long position = 1L << 40;
        for (Asked call : script.asked()) {
            assertThat(call.position()).isEqualTo(position);
            assertThat(call.count()).isBetween(1L, (long) CHUNK);
            position += call.count();
        }
        assertThat(position).isEqualTo((1L << 40) + count);
        assertThat(descriptorCalls()).containsExactly("open", "close");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anEmptyRegionMakesNoCall(Form form) throws Exception {
        use(form);
        ChannelPromise promise = queue(region(0, 0));
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(promise.isSuccess()).isTrue();
        assertThat(script.calls().log()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void progressAndOrder(Form form) throws Exception {
        use(form).takes(100).takes(200).takes(700).takes(50);
        List<String> told = new ArrayList<>();
        ByteBuf before = Unpooled.directBuffer().writeBytes(new byte[] {1, 2, 3});
        ChannelProgressivePromise promise = channel.newProgressivePromise();
        promise.addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                told.add(progress + "/" + total);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                told.add("sent");
            }
        });
        queue(before, 3).addListener(future -> told.add("before"));
        outbound.addMessage(region(0, 1000), 1000, promise);
        outbound.addFlush();
        queue(region(5, 50)).addListener(future -> told.add("after"));
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(told).containsExactly("before", "100/1000", "300/1000", "1000/1000", "sent", "after");
        assertThat(descriptorCalls()).containsExactly("open", "close", "open", "close");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void stoppingClosesTheFile(Form form) throws Exception {
        use(form).fails(400, script.errno().EAGAIN());
        DefaultFileRegion region = region(0, 1000);
        queue(region);
        assertThat(write()).isEqualTo(WriteOutcome.SOCKET_FULL);
        assertThat(descriptorCalls()).containsExactly("open");
        writer.stop();
        writer.stop();
        assertThat(descriptorCalls()).containsExactly("open", "close");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anotherKernelsDescriptorsAreNotTheJdks(Form form) throws Exception {
        use(form, false);
        DefaultFileRegion region = region(100, 150_000);
        ChannelPromise promise = queue(region);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(promise.isSuccess()).isTrue();
        assertThat(script.calls().log()).isNotEmpty().allMatch(call -> call.startsWith("write("));
        assertThat(written.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 100, 150_100));
    }

    @Test
    void aFileThatCannotBeOpenedIsReportedAsByTheJdk() throws Exception {
        use(Form.LINUX);
        script.calls().answer("open", -script.errno().ENOENT());
        queue(new DefaultFileRegion(directory.resolve("none").toFile(), 0, 1));
        assertThatThrownBy(this::write).isInstanceOf(FileNotFoundException.class);
        assertThat(script.asked()).isEmpty();
    }

    @Test
    void anOpenThatIsInterruptedIsTriedAgain() throws Exception {
        use(Form.LINUX).takes(10);
        int[] attempts = {0};
        script.calls()
                .answer(
                        "open",
                        arguments -> attempts[0]++ == 0 ? -script.errno().EINTR() : FILE);
        queue(region(0, 10));
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(attempts[0]).isEqualTo(2);
    }

    /** The name may be another file's by now. */
    @Test
    void aRegionThatIsOpenIsReadFromWhatItHasOpened() throws Exception {
        use(Form.LINUX);
        DefaultFileRegion region = region(100, 150_000);
        region.open();
        Files.delete(path);
        Files.write(path, new byte[content.length]);
        ChannelPromise promise = queue(region);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(promise.isSuccess()).isTrue();
        assertThat(script.asked()).isEmpty();
        assertThat(descriptorCalls()).isEmpty();
        assertThat(written.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 100, 150_100));
    }

    @Test
    void copyingGoesOnWhereTheSocketStopped() throws Exception {
        use(Form.LINUX);
        int[] calls = {0};
        script.calls().answer("write", arguments -> {
            int call = calls[0]++;
            if (call % 3 == 1) {
                return -script.errno().EAGAIN();
            }
            if (call % 3 == 2) {
                return -script.errno().EINTR();
            }
            int length = Math.toIntExact(Math.min((long) arguments[2], 20_000));
            written.writeBytes(new Pointer((long) arguments[1]).getByteArray(0, length));
            return length;
        });
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            DefaultFileRegion region = new DefaultFileRegion(file.getChannel(), 100, 150_000);
            ChannelPromise promise = queue(region);
            int turns = 0;
            while (write() == WriteOutcome.SOCKET_FULL) {
                turns++;
            }
            assertThat(turns).isPositive();
            assertThat(promise.isSuccess()).isTrue();
            assertThat(region.transferred()).isEqualTo(150_000);
        }
        assertThat(written.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 100, 150_100));
    }

    @Test
    void copyingAFileThatEndsEarlyFails() throws Exception {
        use(Form.LINUX, false);
        queue(region(100, 1_000_000));
        assertThatThrownBy(this::write)
                .isInstanceOf(IOException.class)
                .hasMessage("the file ends before the region: it has nothing at 200000, the region is 100 + 1000000");
    }

    @Test
    void copyingOverAConnectionThatIsGoneFails() throws Exception {
        use(Form.LINUX, false);
        script.calls().answer("write", -script.errno().EPIPE());
        queue(region(100, 1000));
        assertThatThrownBy(this::write)
                .isInstanceOf(KQueueIoException.class)
                .hasMessage("write(..) failed: EPIPE (Broken pipe)");
    }

    @Test
    void aReleasedRegionIsNotSent() throws Exception {
        use(Form.LINUX);
        queue(new DefaultFileRegion(path.toFile(), 0, 1000) {
            @Override
            public int refCnt() {
                return 0;
            }
        });
        assertThatThrownBy(this::write).isInstanceOf(IllegalReferenceCountException.class);
        assertThat(script.calls().log()).isEmpty();
    }

    @Test
    void aRegionThatTransfersItselfIsLetTo() throws Exception {
        use(Form.LINUX);
        int[] asked = {0};
        DefaultFileRegion own = new DefaultFileRegion(path.toFile(), 0, 1000) {
            @Override
            public long transferTo(WritableByteChannel target, long position) throws IOException {
                asked[0]++;
                return super.transferTo(target, position);
            }
        };
        queue(own);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(asked[0]).isPositive();
        assertThat(script.asked()).isEmpty();
        assertThat(written.toByteArray()).isEqualTo(Arrays.copyOf(content, 1000));
    }

    @Test
    void aSubclassThatOnlyHearsOfItsReleaseIsSent() throws Exception {
        use(Form.LINUX).takes(1000);
        boolean[] released = {false};
        queue(new DefaultFileRegion(path.toFile(), 0, 1000) {
            @Override
            protected void deallocate() {
                released[0] = true;
                super.deallocate();
            }
        });
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(script.asked()).hasSize(1);
        assertThat(released[0]).isTrue();
    }

    @Test
    void namesThatAreNotAscii() throws Exception {
        use(Form.LINUX).takes(10);
        List<String> names = new ArrayList<>();
        script.calls().answer("open", arguments -> {
            names.add(new Pointer((long) arguments[0]).getString(0, System.getProperty("sun.jnu.encoding")));
            return FILE;
        });
        Path odd = directory.resolve("a b%20ä");
        Files.write(odd, content, StandardOpenOption.CREATE);
        queue(new DefaultFileRegion(odd.toFile(), 0, 10));
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(names).containsExactly(odd.toString());
    }
}
