-- 待办说明: the findings in English. A task of before has none and is shown in Chinese.
ALTER TABLE task ADD COLUMN detail_en TEXT NOT NULL DEFAULT '';
