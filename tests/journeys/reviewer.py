"""What a reviewer does in the browser, with nothing but the link of the mail."""

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor

SENTENCE = "The method is sound, and its validation on four centres convinces. "
COMMENTS = "1. Say how the volumes were chosen. " + SENTENCE * 9


class Reviewer:
    """The window of one reviewer, who has no account and signs in nowhere."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.at = visitor
        self.page = visitor.page
        self.name = name

    def agree(self, link: str) -> None:
        """Open the invitation, declare no conflict, agree."""
        self.at.open(link)
        form = self.page.locator("#agree")
        form.get_by_label("No, none").check()
        for box in form.get_by_role("checkbox").all():
            box.check()
        self.at.press("Agree to review", within=form, twice=True)

    def see_blank_sheet(self) -> None:
        """No score is chosen for anybody."""
        sheet = self.page.locator("#sheet")
        expect(sheet.get_by_role("radio").first).to_be_attached()
        assert sheet.locator(":checked").count() == 0

    def see_autosave(self) -> None:
        """One answer is saved by itself and is there again after the page is loaded anew."""
        self.choose("Originality", "Very good")
        expect(self.page.locator("#saved")).to_contain_text("saved", ignore_case=True)
        self.page.reload()
        assert self.page.locator("#sheet :checked").count() == 1
        expect(self._group("Originality").get_by_label("Very good")).to_be_checked()

    def fill(self, recommendation: str) -> None:
        """Answer every question that must be answered, each by a click."""
        for group in self.page.locator("#sheet fieldset").all():
            radios = group.get_by_role("radio")
            if radios.count() and not group.locator(":checked").count():
                radios.first.check()
        self.choose("Your recommendation", recommendation)
        self.choose("How well do you know", "Expert")
        self.page.get_by_label("Comments to the authors").fill(COMMENTS)
        self.page.get_by_label("I have no conflict of interest").check()

    def deliver(self) -> None:
        """Submit, impatiently; the page that comes shows the review closed."""
        sheet = self.page.locator("#sheet")
        self.at.press("Submit review", within=sheet, twice=True)

    # ------------------------------------------------------------ without a mouse

    def agree_by_keyboard(self, link: str) -> None:
        """The same as `agree`, by the keys alone."""
        self.at.open(link)
        form = self.page.locator("#agree")
        self._press_space(form.get_by_label("No, none"))
        for box in form.get_by_role("checkbox").all():
            self._press_space(box)
        self._press_enter(self.at.button("Agree to review", form))

    def fill_by_keyboard(self, recommendation: str) -> None:
        """The same as `fill`, by the keys alone."""
        sheet = self.page.locator("#sheet")
        for group in sheet.locator("fieldset").all():
            radios = group.get_by_role("radio")
            if radios.count():
                self._press_space(radios.first)
        self._press_space(self.at.choice(self._group("Your recommendation"), recommendation))
        self._press_space(self.at.choice(self._group("How well do you know"), "Expert"))
        self.page.get_by_label("Comments to the authors").focus()
        self.page.keyboard.insert_text(COMMENTS)
        self._press_space(self.page.get_by_label("I have no conflict of interest"))

    def deliver_by_keyboard(self) -> None:
        """Submit by Enter on the button."""
        self._press_enter(self.at.button("Submit review", self.page.locator("#sheet")))

    def _press_space(self, control: Locator) -> None:
        control.focus()
        self.page.keyboard.press("Space")
        expect(control).to_be_checked()

    def _press_enter(self, button: Locator) -> None:
        button.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.at.judge()

    def see_frozen(self) -> None:
        """What was submitted can be read and no longer be changed."""
        main = self.page.locator("main")
        expect(main).to_contain_text("The review is closed to changes.")
        expect(main).to_contain_text("Say how the volumes were chosen.")
        assert main.locator("input, textarea, select").count() == 0

    def choose(self, question: str, answer: str) -> None:
        """Click one answer of a question."""
        self.at.choice(self._group(question), answer).check()

    def _group(self, question: str) -> Locator:
        return self.page.locator("#sheet").get_by_role("group", name=question)
