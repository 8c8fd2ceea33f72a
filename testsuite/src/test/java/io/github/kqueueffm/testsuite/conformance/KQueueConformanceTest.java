// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.kqueueffm.testsuite.support.DescriptorLeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** All cases over every kqueue that the binding provides. */
@ExtendWith(DescriptorLeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
// A wait in the kernel cannot be interrupted: a hung run is left behind.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KQueueConformanceTest {

    private final Answers answers = Answers.read();
    private final Map<String, Scripts.Steps> scripts = Scripts.all();
    private final List<Report> reports = new ArrayList<>();

    @Test
    void everyCaseHasAnAnswerAndAScript() {
        assertThat(scripts.keySet())
                .containsExactlyInAnyOrderElementsOf(answers.cases().keySet());
        for (Answers.Case one : answers.cases().values()) {
            assertThat(one.columns()).as(one.id()).containsKey(Answers.BSD);
            assertThat(one.does()).as(one.id()).isNotEmpty();
            one.columns()
                    .forEach((name, column) -> assertThat(column.why().isEmpty())
                            .as(one.id() + ' ' + name)
                            .isEqualTo(name.equals("bsd")));
        }
    }

    @TestFactory
    Stream<DynamicContainer> cases() {
        return Kind.all().stream().map(this::casesOf);
    }

    private DynamicContainer casesOf(Kind kind) {
        Report report = new Report(kind);
        reports.add(report);
        Abilities abilities = new Abilities(kind);
        Stream<DynamicTest> each = answers.cases().values().stream()
                .map(one -> dynamicTest(one.id() + ": " + one.does(), () -> run(kind, one, abilities, report)));
        return dynamicContainer(kind.label(), each);
    }

    private void run(Kind kind, Answers.Case one, Abilities abilities, Report report) throws Exception {
        for (String need : one.needs()) {
            String lacking = abilities.lacks(need);
            if (lacking != null) {
                report.notApplicable(one.id(), need + ": " + lacking);
                Assumptions.abort(need + ": " + lacking);
            }
        }
        Answers.Column expected = one.expected(kind);
        List<String> got = play(kind, scripts.get(one.id()), expected.steps());
        boolean match = got.size() == expected.steps().size();
        for (int i = 0; match && i < got.size(); i++) {
            match = Answers.match(expected.steps().get(i), got.get(i));
        }
        if (!match) {
            report.failed(one.id(), expected.steps(), got);
            // With the words that say what was done.
            assertThat(Answers.join(got)).as(one.does()).isEqualTo(Answers.join(expected.steps()));
        } else if (expected.why().isEmpty()) {
            report.same(one.id(), got);
        } else {
            report.differs(
                    one.id(),
                    one.columns().get(Answers.BSD).steps(),
                    got,
                    expected.why().stream().map(answers::reason).toList());
        }
    }

    private static List<String> play(Kind kind, Scripts.Steps steps, List<String> expected) throws Exception {
        try (Script script = new Script(kind, expected)) {
            try {
                steps.play(script);
            } catch (IllegalStateException e) {
                script.add("stopped: " + e.getMessage());
            }
            return script.answers();
        }
    }

    @AfterAll
    void table() {
        reports.forEach(Report::print);
    }
}
