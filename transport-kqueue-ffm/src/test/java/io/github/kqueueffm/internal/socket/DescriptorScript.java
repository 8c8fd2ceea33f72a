// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.netty.channel.socket.SocketProtocolFamily;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A socket of the UNIX domain whose kernel answers what a test says, with descriptors that are numbers only. */
public final class DescriptorScript {

    private static final int SOCKET = 77;

    private final ScriptedCalls calls;
    private final List<Integer> closed = new ArrayList<>();
    private final Deque<Integer> answers = new ArrayDeque<>();
    private int[] descriptors = {};
    private boolean truncated;

    public DescriptorScript(Platform platform) {
        calls = new ScriptedCalls(platform);
        calls.answer("close", arguments -> {
            closed.add((Integer) arguments[0]);
            return 0;
        });
        calls.answer("fcntl", 0);
        calls.answer("recvmsg", arguments -> receive());
        calls.answer("sendmsg", arguments -> answers.remove());
    }

    public NativeSocket socket() {
        return new NativeSocket(calls.binding(), SOCKET, SocketProtocolFamily.UNIX);
    }

    /** The answers of the next calls. */
    public void answer(int... results) {
        for (int result : results) {
            answers.add(result);
        }
    }

    /** The next call of recvmsg brings a byte and descriptors. */
    public void answerWith(boolean cut, int... fds) {
        truncated = cut;
        descriptors = fds;
        answers.add(1);
    }

    private int receive() {
        int result = answers.remove();
        DescriptorMessage message = DescriptorMessage.ofThread(calls.binding());
        Platform platform = calls.binding().platform();
        MessageLayout layout = platform.message();
        ByteBuffer memory = message.memory();
        int length = result > 0 && descriptors.length > 0
                ? ControlMessages.put(
                        message,
                        layout,
                        0,
                        platform.socket().SOL_SOCKET(),
                        platform.socket().SCM_RIGHTS(),
                        descriptors)
                : 0;
        ControlMessages.putNumber(memory, layout.msghdrControlLength(), layout.msghdrControlLengthSize(), length);
        if (result > 0 && truncated) {
            memory.putInt(layout.msghdrFlags(), platform.socket().MSG_CTRUNC());
        }
        return result;
    }

    /** The descriptors that were closed, in that order. */
    public List<Integer> closed() {
        return closed;
    }

    public List<String> log() {
        return calls.log();
    }
}
