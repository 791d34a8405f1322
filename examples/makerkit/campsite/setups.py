"""Setups: what somebody packs, made from a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

from campsite.errors import NotFoundError

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Setup:
    """A setup of a person or a team."""

    id: UUID
    account_id: UUID
    base_template_id: UUID
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """How many setups were made from a template."""

    template_id: UUID
    name: str
    setups: int


def create_from_template(
    conn: Connection[Any], *, account_id: UUID, template_id: UUID, by: UUID, title: str | None = None
) -> Setup:
    """Make a draft from a template; without a title it takes the template's name.

    Raises:
        NotFoundError: there is no such template.
    """
    with conn.cursor(row_factory=class_row(Setup)) as cursor:
        setup = cursor.execute(
            """
            insert into public.setups (account_id, base_template_id, title, description, created_by)
            select %(account)s, template.id, coalesce(%(title)s::text, 'My ' || template.name),
                   template.description, %(by)s
            from public.base_templates as template where template.id = %(template)s
            returning id, account_id, base_template_id, title, status::text
            """,
            {"account": account_id, "template": template_id, "by": by, "title": title},
        ).fetchone()
    if setup is None:
        raise NotFoundError(f"no template {template_id}")
    return setup


def publish(conn: Connection[Any], setup_id: UUID) -> None:
    """Show a setup to everybody. Publishing again keeps the first date.

    Raises:
        NotFoundError: there is no such setup.
    """
    changed = conn.execute(
        """
        update public.setups set status = 'published', is_public = true,
        published_at = coalesce(published_at, now()), updated_at = greatest(created_at, now())
        where id = %s
        """,
        (setup_id,),
    )
    if changed.rowcount == 0:
        raise NotFoundError(f"no setup {setup_id}")


def search(conn: Connection[Any], words: str, *, limit: int = 20) -> list[Setup]:
    """Find public setups by a part of their title; `%` and `_` in it mean themselves."""
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with conn.cursor(row_factory=class_row(Setup)) as cursor:
        return cursor.execute(
            """
            select id, account_id, base_template_id, title, status::text from public.setups
            where is_public and status = 'published' and title ilike %s
            order by published_at desc, id limit %s
            """,
            (f"%{literal}%", limit),
        ).fetchall()


def popular_templates(conn: Connection[Any], *, limit: int = 5) -> list[TemplateUse]:
    """Rank the templates by the setups made from them; those that nobody used come last."""
    with conn.cursor(row_factory=class_row(TemplateUse)) as cursor:
        return cursor.execute(
            """
            select template.id as template_id, template.name, count(setup.id) as setups
            from public.base_templates as template
            left join public.setups as setup on setup.base_template_id = template.id
            group by template.id order by setups desc, template.name limit %s
            """,
            (limit,),
        ).fetchall()
