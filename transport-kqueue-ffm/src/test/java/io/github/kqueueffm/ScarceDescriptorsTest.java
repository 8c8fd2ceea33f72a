// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A listener whose accept(2) fails rests if something has run out, and goes on at once if only a connection is lost. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ScarceDescriptorsTest {

    private final Errno errno;
    private final ScriptedChannels s;
    private final PipelineLog log = new PipelineLog();
    private final List<Object> told = new ArrayList<>();
    private KQueueServerSocketChannel server;
    private FakeListener listener;

    ScarceDescriptorsTest(Platform platform) {
        errno = platform.errno();
        s = new ScriptedChannels(platform);
    }

    @BeforeEach
    void listen() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .option(ChannelOption.MAX_MESSAGES_PER_READ, 4)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        told.add(event);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        told.add(cause);
                    }
                });
        server = s.listen("127.0.0.1", bootstrap, log);
        listener = s.fake(server).connections(1);
        s.turn();
        s.turn();
        log.told.clear();
    }

    private long accepts() {
        return s.kernel.count(s.accepting().get(0));
    }

    private void exhaust(int number) {
        s.kernel.fail(s.accepting().get(0), 1, number);
        listener.connections(3);
        s.kernel.clearLog();
        s.turn();
        assertThat(accepts()).isEqualTo(1);
    }

    @Test
    void restsForAsLongAsItSays() {
        for (ToIntFunction<Errno> number :
                List.<ToIntFunction<Errno>>of(Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOMEM)) {
            told.clear();
            exhaust(number.applyAsInt(errno));
            assertThat(told).hasSize(1).hasOnlyElementsOfType(AcceptPausedEvent.class);
            AcceptPausedEvent event = (AcceptPausedEvent) told.get(0);
            assertThat(((KQueueIoException) event.cause()).errno()).isEqualTo(number.applyAsInt(errno));

            s.ticker.advanceMillis(event.pauseMillis() - 1);
            s.turn();
            s.turn();
            assertThat(accepts()).isEqualTo(1);
            s.ticker.advanceMillis(1);
            s.turn();
            s.turn();
            assertThat(accepts())
                    .as("one that failed, and the three that waited")
                    .isEqualTo(1 + 3);
        }
    }

    @Test
    void closesNothingBehindTheApplicationsBack() {
        exhaust(errno.EMFILE());
        s.ticker.advanceMillis(1000);
        s.turn();
        s.turn();

        assertThat(s.kernel.count(CFunction.CLOSE)).isZero();
        assertThat(log.told).doesNotContain("inactive");
    }

    /** What was available before the pause says nothing of what is there after it. */
    @Test
    void goesOnWithWhatTheKernelSaysThen() {
        exhaust(errno.EMFILE());
        s.turn();
        s.turn();
        // By another process that listens here too, while this one hears nothing.
        listener.take();
        listener.take();
        s.ticker.advanceMillis(100);
        s.kernel.clearLog();
        s.turn();
        s.turn();
        assertThat(accepts()).isEqualTo(1);

        listener.connections(10);
        List<CFunction> four = new ArrayList<>(List.of(CFunction.KEVENT));
        nCopies(4, s.accepting()).forEach(four::addAll);
        assertThat(s.callsOfATurn()).as("batches are as large as before").isEqualTo(four);
    }

    @Test
    void costsTheKernelNoWakeupMeanwhile() {
        exhaust(errno.EMFILE());
        s.turn();
        s.turn();
        s.kernel.clearLog();
        listener.connections(1);

        s.turn();

        assertThat(s.kernel.lastKevent().events()).isEmpty();
    }

    @Test
    void endsWhenTheListenerMovesToAnotherEventLoop() {
        exhaust(errno.EMFILE());
        ScriptedChannels other = new ScriptedChannels(s.kernel);
        server.deregister();
        s.turn();
        other.loop.register(server);
        other.turn();
        other.turn();
        assertThat(accepts()).isEqualTo(3);

        server.config().setAutoRead(false);
        other.turn();
        listener.connections(1);
        s.ticker.advanceMillis(1000);
        s.turn();
        other.turn();
        other.turn();
        assertThat(accepts())
                .as("the loop that it has left has no say any more")
                .isEqualTo(3);
        assertThat(log.told).doesNotContain("inactive");
    }

    @Test
    void aConnectionThatIsLostIsSkipped() {
        for (int number : new int[] {errno.ECONNABORTED(), errno.EPROTO(), errno.EINTR()}) {
            s.kernel.fail(s.accepting().get(0), 2, number);
            listener.connections(4);
            s.kernel.clearLog();
            s.turn();
            listener.take();
            s.turn();

            assertThat(accepts()).isEqualTo(4);
            assertThat(told).isEmpty();
        }
    }
}
